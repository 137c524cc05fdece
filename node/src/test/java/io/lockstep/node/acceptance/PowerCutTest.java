package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The machine loses power right after an acknowledgement: the node is stopped, the device's image copied as it is, and the
 * copy recovered. Small journal files put changes of file among the cuts.
 */
@Tag("long")
class PowerCutTest {
    private static final int IMAGES = Integer.getInteger("lockstep.acceptance.images", 20);

    static java.util.stream.IntStream images() {
        return java.util.stream.IntStream.range(0, IMAGES);
    }

    @ParameterizedTest
    @MethodSource("images")
    void shouldKeepWhatWasAcknowledged(final int image, @TempDir final Path folder) throws IOException {
        final long seed = Long.getLong("lockstep.seed", image);
        final Path history = Launcher.history(folder, "aeron");
        final Path cutFolder = Files.createDirectories(folder.resolve("cut"));
        try (LoopDisk disk = LoopDisk.make(folder, "disk", 512L << 20);
                NodeProcess node = new NodeProcess(
                        folder, disk.data(), "--durability", "synced", "--journal-file-bytes", "16MiB")) {
            node.start();
            final Process load = Scenario.load(folder, node, history, "--connections", "8", "--in-flight", "64");
            awaitAcks(folder, 200 + new Random(seed).nextInt(9_000));
            node.signal("STOP");
            final Path acksAtCut = Files.copy(Scenario.acks(folder), folder.resolve("acks-at-cut.jsonl"));
            try (LoopDisk cut = disk.copy(cutFolder, "copy")) {
                node.kill();
                load.destroyForcibly();
                try (NodeProcess recovered = new NodeProcess(cutFolder, cut.data(), "--durability", "synced")) {
                    recovered.start();
                    Scenario.dump(cutFolder, recovered);
                    final int checked = Ledger.check(acksAtCut, Scenario.watch(cutFolder, recovered));
                    assertTrue(checked > 0, "no acknowledgement to check");
                    Scenario.report("power cut image=%d acknowledged=%d kept=%d", image, checked, checked);
                    assertEquals(0, recovered.stop());
                }
                Scenario.verify(cutFolder, cut.data());
            }
        }
    }

    private static void awaitAcks(final Path folder, final int lines) throws IOException {
        final Path acks = Scenario.acks(folder);
        final long bytes = lines * 80L;
        for (int i = 0; i < 60_000 && (!Files.exists(acks) || Files.size(acks) < bytes); i++) {
            NodeProcess.pauseMs(1);
        }
    }
}
