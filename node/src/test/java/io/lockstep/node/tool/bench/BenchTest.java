package io.lockstep.node.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the load generator measures, not how fast anything is. */
class BenchTest {
    private static final long MEASURE_MS = 300;

    @TempDir
    private Path folder;

    @Test
    void shouldGetEveryFrameBackFromTheEcho() throws IOException {
        final LoadResult result = new TcpBench(plan(3, 17, 0), answered -> {}).runEcho();
        assertTrue(result.answered() > 0 && result.accepted() == result.answered(), "answered=" + result.answered());
    }

    @Test
    void shouldNotGoBeyondTheRateOfAnOpenLoop() throws IOException {
        final LoadResult result = new TcpBench(plan(2, 64, 1_000), answered -> {}).runEcho();
        final long dueAtMost = 1_000 * result.elapsedNs() / 1_000_000_000L + 64 + 1;
        assertTrue(
                result.answered() > 0 && result.answered() <= dueAtMost,
                "answered=" + result.answered() + ", dueAtMost=" + dueAtMost);
    }

    @Test
    void shouldHaveNearlyEverySetAcceptedByANode() throws IOException {
        final List<String> arguments =
                List.of("--data", folder.resolve("data").toString(), "--tcp", "127.0.0.1:0", "--auth", "none");
        try (NodeProcess node = NodeProcess.start(arguments, folder.resolve("node.log"))) {
            final String[] parts = node.address().split(":", 2);
            final InetSocketAddress address = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
            final LoadResult result = new TcpBench(plan(4, 64, 0), answered -> {}).runNode(address, "", "bench");
            assertTrue(
                    result.acceptedShare() >= BenchReport.ACCEPTED_SHARE_MIN,
                    "answered=" + result.answered() + ", accepted=" + result.accepted());
        }
    }

    @Test
    void shouldRunAllStagesOnOneThread() {
        final LoadResult result = new EmbeddedBench(plan(1, 64, 0), answered -> {}).run(folder, Durability.SYNCED);
        assertTrue(result.answered() > 0 && result.refused() == 0, "answered=" + result.answered());
    }

    @Test
    void shouldNameTheOptionThatIsOutOfItsRange() {
        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> plan(8, 4, 0));
        assertEquals("--connections=8 is outside 1 to 4", failure.getMessage());
    }

    private static BenchPlan plan(final int connections, final int inFlight, final long rate) {
        return new BenchPlan(connections, inFlight, 2, 10_000, 3, 16, 100, MEASURE_MS, rate);
    }
}
