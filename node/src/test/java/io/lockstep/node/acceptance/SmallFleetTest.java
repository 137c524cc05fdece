package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link FleetTest} does for half an hour, for a few seconds: in every build. */
class SmallFleetTest {
    private static final int SEEDS = 2;
    private static final long DELIVERIES = 1_000;
    private static final int KILLS = 1;

    @TempDir
    private Path folder;

    @Test
    void shouldDeliverEachSequenceOnceToEverybody() throws IOException {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        System.out.println("SmallFleetTest: seed=" + seed);
        final FleetRun run = new FleetRun(seed, SEEDS, DELIVERIES, KILLS, folder).onTestClasses();
        run.run();
        assertTrue(run.tally().deliveries() >= SEEDS * DELIVERIES, () -> "seed=" + seed + ": " + run.tally());
    }
}
