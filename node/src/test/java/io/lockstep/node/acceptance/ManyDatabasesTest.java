package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many open databases: each costs little memory while it is idle, and the last one is opened as quickly as the first. */
@Tag("long")
class ManyDatabasesTest {
    private static final int DATABASES = Integer.getInteger("lockstep.acceptance.manyDatabases", 10_000);
    private static final int FIRST = DATABASES / 4;
    /** The heap is in memory from the start, so that what is not of files and grows lies outside of it; and little is compiled. */
    private static final String[] WHOLE_HEAP = {
        "env", "LOCKSTEP_JAVA_OPTS=-Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1"
    };

    private static final double BYTES_MAX = 4 * 1024;
    private static final double OPENING_RATIO_MAX = 2;

    @Test
    void shouldKeepAnIdleDatabaseSmall(@TempDir final Path folder) throws IOException {
        try (NodeProcess node = new NodeProcess(
                folder,
                folder.resolve("data"),
                "--databases-max",
                Integer.toString(DATABASES),
                "--sessions-per-principal-max",
                "0",
                "--sessions-per-database-max",
                "0")) {
            node.start(WHOLE_HEAP);
            final double firstUs = open(folder, node, "first-", FIRST, 1) / FIRST * 1e6;
            final Footprint few = Footprint.settled(node.pid());
            final double lastUs = open(folder, node, "last-", DATABASES - FIRST, 2) / (DATABASES - FIRST) * 1e6;
            final Footprint all = Footprint.settled(node.pid());
            final double heapBytes = (double) (all.heapUsedBytes() - few.heapUsedBytes()) / (DATABASES - FIRST);
            final double otherBytes = (double) (all.rssAnonBytes() - few.rssAnonBytes()) / (DATABASES - FIRST);
            final double gatewayBytes = gatewayBytes(folder, node);
            assertEquals(0, node.stop());
            node.start(WHOLE_HEAP);
            Scenario.report(
                    "many databases: databases=%d ready ms=%.0f; bytes a database: heap=%.0f, outside of the heap=%.0f, more"
                            + " heap while it has sessions=%.0f; processor us to make and open one with a session: of the"
                            + " first %d=%.0f, of the others=%.0f",
                    DATABASES, node.readyMs(), heapBytes, otherBytes, gatewayBytes, FIRST, firstUs, lastUs);
            final double bytes = heapBytes + Math.max(0, otherBytes) + gatewayBytes;
            assertTrue(bytes <= BYTES_MAX, "bytes=" + bytes + " max=" + BYTES_MAX);
            assertTrue(lastUs < OPENING_RATIO_MAX * firstUs, "us first=" + firstUs + " last=" + lastUs);
            assertEquals(0, node.stop());
        }
    }

    /** Processor time of the node. */
    private static double open(
            final Path folder, final NodeProcess node, final String prefix, final int databases, final int network)
            throws IOException {
        final double beforeS = Footprint.cpuSeconds(node.pid());
        try (SwarmProcess swarm = new SwarmProcess(folder, node.port(), databases, prefix, databases, network, 50)) {
            SwarmProcess.awaitOpen(List.of(swarm), databases, 120);
            return Footprint.cpuSeconds(node.pid()) - beforeS;
        }
    }

    /** What as many sessions cost more if each has a database of its own. */
    private static double gatewayBytes(final Path folder, final NodeProcess node) throws IOException {
        final long together = heap(folder, node, 1, 3);
        final long apart = heap(folder, node, FIRST, 4);
        return (double) (apart - together) / (FIRST - 1);
    }

    private static long heap(final Path folder, final NodeProcess node, final int databases, final int network)
            throws IOException {
        try (SwarmProcess swarm = new SwarmProcess(folder, node.port(), FIRST, "first-", databases, network, 50)) {
            SwarmProcess.awaitOpen(List.of(swarm), FIRST, 120);
            return Footprint.settled(node.pid()).heapUsedBytes();
        }
    }
}
