package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the node asks of the operating system, as strace sees it. */
@Tag("long")
class SyscallTest {
    @Test
    void shouldSyncOnceForManyChangeSets(@TempDir final Path folder) {
        Launcher.assumeTool("strace");
        final Path history = Launcher.history(folder, "aeron");
        final Path counts = folder.resolve("strace");
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"), "--durability", "synced")) {
            node.start("strace", "-f", "-c", "-e", "trace=msync,fdatasync,fsync", "-o", counts.toString());
            final Process load = Scenario.load(folder, node, history, "--connections", "16", "--in-flight", "1024");
            assertEquals(0, Launcher.finish(load, folder, "load", 300).exitCode());
            assertEquals(0, node.stop());
        }
        final long syncs = Launcher.text(counts)
                .lines()
                .filter(line -> line.endsWith("sync"))
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[3]))
                .sum();
        Scenario.report("syncs=%d for 16919 change sets", syncs);
        assertTrue(syncs > 0 && syncs < 16_919 / 4, () -> "one sync for many sets: " + Launcher.text(counts));
    }

    @Test
    void shouldConnectNowhere(@TempDir final Path folder) throws IOException {
        Launcher.assumeTool("strace");
        final Path history = Launcher.history(folder, "agrona");
        final Path calls = folder.resolve("strace");
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"))) {
            node.start("strace", "-f", "-e", "trace=connect,sendto,sendmsg", "-o", calls.toString());
            final Process load = Scenario.load(folder, node, history);
            assertEquals(0, Launcher.finish(load, folder, "load", 120).exitCode());
            NodeProcess.pauseMs(5_000);
            assertEquals(0, node.stop());
        }
        try (Stream<String> lines = Files.lines(calls)) {
            final List<String> outward = lines.filter(line -> line.contains("AF_INET"))
                    .filter(line -> !line.contains("127.0.0.1") && !line.contains("::1"))
                    .collect(Collectors.toList());
            assertEquals(List.of(), outward, "connections that leave the machine");
        }
    }
}
