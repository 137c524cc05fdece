package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has nothing to do costs next to nothing, with a hundred sessions that only send heartbeats. */
@Tag("long")
class IdleTest {
    private static final int SESSIONS = 100;
    private static final int SECONDS = Integer.getInteger("lockstep.acceptance.idleSeconds", 60);
    private static final double CPU_SHARE_MAX = 0.02;
    private static final double TICKS_PER_SECOND = 100;

    @Test
    void shouldUseLessThanTwoPercentOfACore(@TempDir final Path folder) throws IOException {
        final List<BlockingClient> clients = new ArrayList<>();
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"))) {
            node.start();
            for (int i = 0; i < SESSIONS; i++) {
                final BlockingClient client = BlockingClient.connect(
                        new ClientContext().addresses(node.address()).conclude());
                clients.add(client);
                client.openDatabase(DatabaseOptions.createIfMissing("idle"));
            }
            NodeProcess.pauseMs(5_000);
            final double beforeS = cpuSeconds(node.pid());
            NodeProcess.pauseMs(SECONDS * 1_000L);
            final double share = (cpuSeconds(node.pid()) - beforeS) / SECONDS;
            Scenario.report("idle sessions=%d cpuShare=%.4f", SESSIONS, share);
            clients.forEach(BlockingClient::close);
            assertTrue(share < CPU_SHARE_MAX, "cpuShare=" + share + " cpuShareMax=" + CPU_SHARE_MAX);
            assertEquals(0, node.stop());
        }
    }

    private static double cpuSeconds(final long pid) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
