package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fleets of clients whose filters change in flight, that go offline for random spans, lose connections and start over, on a
 * node that is killed again and again and gives up its history: everybody gets each of its sequences once, in order, none
 * missing, and ends with the coordinator's projection.
 *
 * <p>One seed is one database with its clients; some run at once on one node. To repeat one: {@code -Dlockstep.seed=SEED
 * -Dlockstep.acceptance.fleetSeeds=1}.
 */
@Tag("long")
class FleetTest {
    private static final int SEEDS = Integer.getInteger("lockstep.acceptance.fleetSeeds", 100);
    private static final int SEEDS_AT_ONCE = Integer.getInteger("lockstep.acceptance.fleetSeedsAtOnce", 10);
    private static final long DELIVERIES = Long.getLong("lockstep.acceptance.fleetDeliveries", 100_000);
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.fleetKills", 8);
    /** Fewer seeds, to repeat one say, need not show everything. */
    private static final int COMPLETE_FROM = 20;

    @TempDir
    private Path folder;

    @Test
    void shouldDeliverEachSequenceOnceToEverybody() throws Exception {
        final long firstSeed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("fleet: seeds=%d from seed=%d, at once=%d", SEEDS, firstSeed, SEEDS_AT_ONCE);
        final FleetTally sum = new FleetTally();
        final long startNs = System.nanoTime();
        for (int done = 0; done < SEEDS; done += SEEDS_AT_ONCE) {
            final int count = Math.min(SEEDS_AT_ONCE, SEEDS - done);
            final Path batchFolder = folder.resolve("batch-" + done);
            final FleetRun batch = new FleetRun(firstSeed + done, count, DELIVERIES, KILLS, batchFolder);
            batch.run();
            sum.addAll(batch.tally());
            delete(batchFolder);
            Scenario.report(
                    "fleet: seeds=%d of %d, seconds=%.0f, %s",
                    done + count, SEEDS, (System.nanoTime() - startNs) / 1e9, sum);
        }
        assertTrue(sum.deliveries() >= SEEDS * DELIVERIES, () -> sum.toString());
        if (SEEDS >= COMPLETE_FROM) {
            sum.assertComplete();
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path each :
                    all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
