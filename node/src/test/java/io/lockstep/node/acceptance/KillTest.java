package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL at random moments with change sets in flight: what was acknowledged stays, and the state comes out right. */
@Tag("long")
class KillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.kills", 50);
    /** What the load sends, at its rate, between two kills, and more than that. */
    private static final int SETS_A_KILL = 1_500;

    private static final double READY_MEDIAN_MS_MAX = 2_000;

    @ParameterizedTest
    @ValueSource(strings = {"journaled", "synced"})
    void shouldKeepWhatWasAcknowledged(final String durability, @TempDir final Path folder) throws Exception {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("kill durability=%s seed=%d kills=%d", durability, seed, KILLS);
        final Random random = new Random(seed);
        final Crowd crowd = Crowd.around(
                Launcher.history(folder, "aeron"), Launcher.finalState(folder, "aeron"), SETS_A_KILL * KILLS, folder);
        final Path data = folder.resolve("data");
        final double[] readyMs = new double[KILLS];
        try (NodeProcess node = new NodeProcess(folder, data, "--durability", durability)) {
            node.start();
            final Process load = Scenario.load(
                    folder, node, crowd.changes(), "--connections", "8", "--rate", "500", "--shuffle", "7");
            for (int i = 0; i < KILLS; i++) {
                NodeProcess.pauseMs(300 + random.nextInt(700));
                final String when = "the load ended before kill " + i + " of " + KILLS;
                assertTrue(load.isAlive(), () -> when + ": " + Launcher.text(folder.resolve("load.err")));
                node.kill();
                node.start();
                readyMs[i] = node.readyMs();
            }
            Launcher.finish(load, folder, "load", 600);
            assertEquals(0, load.exitValue(), () -> Launcher.text(folder.resolve("load.err")));
            final Path state = Scenario.dump(folder, node);
            final int checked = Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            Launcher.assertSameState(folder, crowd.state(), state);
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
            Arrays.sort(readyMs);
            Scenario.report(
                    "kill durability=%s accepted=%d readyMedianMs=%.0f readyMaxMs=%.0f",
                    durability, checked, readyMs[KILLS / 2], readyMs[KILLS - 1]);
            assertTrue(readyMs[KILLS / 2] < READY_MEDIAN_MS_MAX, "median restart to ready, ms");
        }
    }
}
