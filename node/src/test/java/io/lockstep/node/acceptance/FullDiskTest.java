package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up: writes are refused with a typed error, readers go on, and service resumes when space returns. */
@Tag("long")
class FullDiskTest {
    @Test
    void shouldRefuseWritesInTimeAndResume(@TempDir final Path folder) throws IOException {
        final Path history = Launcher.history(folder, "aeron");
        try (LoopDisk disk = LoopDisk.make(folder, "small", 192L << 20);
                NodeProcess node = new NodeProcess(
                        folder,
                        disk.data(),
                        "--journal-file-bytes",
                        "16MiB",
                        "--space-soft-bytes",
                        "64MiB",
                        "--space-hard-bytes",
                        "32MiB")) {
            node.start();
            final Path ballast = disk.mount().resolve("someone-else");
            final Process load = Scenario.load(
                    folder, node, history, "--connections", "8", "--rate", "2000", "--retry-seconds", "120");
            NodeProcess.pauseMs(2_000);
            fill(ballast);
            awaitLevel(folder, node, "hard");
            Scenario.dump(folder, node);
            Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            assertTrue(load.isAlive(), "the load waits for space");
            assertTrue(node.isAlive(), node::err);
            Files.delete(ballast);
            assertEquals(
                    0,
                    Launcher.finish(load, folder, "load", 180).exitCode(),
                    () -> Launcher.text(folder.resolve("load.err")));
            final Path state = Scenario.dump(folder, node);
            Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            Launcher.assertSameState(folder, Launcher.finalState(folder, "aeron"), state);
            assertEquals(0, node.stop());
            Scenario.verify(folder, disk.data());
        }
    }

    private static void fill(final Path file) {
        Launcher.tool(file.resolveSibling("fill.log"), "dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=4096");
    }

    private static void awaitLevel(final Path folder, final NodeProcess node, final String level) {
        for (int i = 0; i < 60; i++) {
            final Launcher.Result status =
                    Launcher.run(folder, "status", 30, "status", "--from", node.address(), "--json");
            if (status.outText().toLowerCase(java.util.Locale.ROOT).contains("\"" + level + "\"")) {
                return;
            }
            NodeProcess.pauseMs(200);
        }
        throw new AssertionError("never reached level " + level + ": " + Launcher.text(folder.resolve("status.out")));
    }
}
