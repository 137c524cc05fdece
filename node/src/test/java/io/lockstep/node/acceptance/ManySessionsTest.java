package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many sessions that only send heartbeats cost little memory and time, and are all back soon after a restart. */
@Tag("long")
class ManySessionsTest {
    private static final int SESSIONS = Integer.getInteger("lockstep.acceptance.manySessions", 20_000);
    private static final int DATABASES = 40;
    private static final int SWARMS = 2;
    private static final int ADDRESSES = Integer.getInteger("lockstep.acceptance.manyAddresses", 20);
    private static final int IDLE_SECONDS = 20;
    private static final double SESSION_BYTES_MAX = 12 * 1024;
    private static final double BACK_SECONDS_MAX = 30;

    /** What the node keeps for itself, and some for the test. */
    private static final int FILES_RESERVED = 400;

    @Test
    void shouldKeepManySessionsSmallAndTakeThemBackSoon(@TempDir final Path folder) throws IOException {
        final long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        final int sessions = (int) Math.min(SESSIONS, files - FILES_RESERVED) / SWARMS * SWARMS;
        final String unlimited = "0";
        try (NodeProcess node = new NodeProcess(
                        folder,
                        folder.resolve("data"),
                        "--connections-max",
                        Integer.toString(sessions),
                        "--sessions-per-principal-max",
                        unlimited,
                        "--sessions-per-database-max",
                        unlimited)
                .start()) {
            fill(node);
            final Footprint empty = Footprint.settled(node.pid());
            final List<SwarmProcess> swarms = new ArrayList<>();
            try {
                for (int i = 0; i < SWARMS; i++) {
                    swarms.add(new SwarmProcess(
                            folder, node.port(), sessions / SWARMS, "many-", DATABASES, 1 + i, ADDRESSES / SWARMS));
                }
                final double firstSeconds = SwarmProcess.awaitOpen(swarms, sessions, 120);
                final double beforeS = Footprint.cpuSeconds(node.pid());
                NodeProcess.pauseMs(IDLE_SECONDS * 1_000L);
                final double share = (Footprint.cpuSeconds(node.pid()) - beforeS) / IDLE_SECONDS;
                final Footprint full = Footprint.settled(node.pid());
                Scenario.report(
                        "many sessions: sessions=%d databases=%d connected seconds=%.1f idle cpuShare=%.3f; bytes a session:"
                                + " RssAnon=%.0f, heap in use=%.0f; before %s, with %s",
                        sessions,
                        DATABASES,
                        firstSeconds,
                        share,
                        (double) (full.rssAnonBytes() - empty.rssAnonBytes()) / sessions,
                        (double) (full.heapUsedBytes() - empty.heapUsedBytes()) / sessions,
                        empty,
                        full);
                final long refusedBefore = SwarmProcess.refused(swarms);
                final double inOrder = restart(node, swarms, sessions, false);
                final long refusedInOrder = SwarmProcess.refused(swarms) - refusedBefore;
                final double killed = restart(node, swarms, sessions, true);
                final long refusedKilled = SwarmProcess.refused(swarms) - refusedBefore - refusedInOrder;
                Scenario.report(
                        "many sessions: all back after the ready line of a restart in order seconds=%.1f refused=%d, after a"
                                + " kill seconds=%.1f refused=%d; last %s",
                        inOrder, refusedInOrder, killed, refusedKilled, SwarmProcess.lines(swarms));
                final double bytes = (double) (full.rssAnonBytes() - empty.rssAnonBytes()) / sessions;
                assertTrue(bytes <= SESSION_BYTES_MAX, "bytes=" + bytes + " max=" + SESSION_BYTES_MAX);
                assertTrue(Math.max(inOrder, killed) < BACK_SECONDS_MAX, "seconds=" + inOrder + ", " + killed);
                assertEquals(0, refusedInOrder + refusedKilled, "refused: " + SwarmProcess.lines(swarms));
            } finally {
                swarms.forEach(SwarmProcess::close);
            }
            assertEquals(0, node.stop());
        }
    }

    private static void fill(final NodeProcess node) {
        for (int i = 0; i < DATABASES; i++) {
            try (Writer writer = new Writer(node.address(), "many-" + i)) {
                writer.write(1_000);
            }
        }
    }

    private static double restart(
            final NodeProcess node, final List<SwarmProcess> swarms, final int sessions, final boolean kill) {
        if (kill) {
            node.kill();
        } else {
            assertEquals(0, node.stop());
        }
        SwarmProcess.awaitLost(swarms);
        node.start();
        return SwarmProcess.awaitOpen(swarms, sessions, 120);
    }
}
