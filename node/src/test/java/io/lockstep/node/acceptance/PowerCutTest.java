package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The machine loses power right after an acknowledgement: the node is stopped, the device's image copied as it is, and the
 * copy recovered. Every other cut is made as the writer turns to
 * another file.
 */
@Tag("long")
class PowerCutTest {
    private static final int IMAGES = Integer.getInteger("lockstep.acceptance.images", 20);

    /** Changes of file that the history is sure to come to. */
    private static final int FILES = 3;

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
                        folder,
                        disk.data(),
                        "--durability",
                        "synced",
                        "--journal-file-bytes",
                        "4MiB",
                        "--space-soft-bytes",
                        "2MiB",
                        "--space-hard-bytes",
                        "1MiB")) {
            node.start();
            final Process load = Scenario.load(folder, node, history, "--connections", "8", "--in-flight", "64");
            if (image % 2 == 0) {
                awaitAcks(folder, 200 + new Random(seed).nextInt(9_000));
            } else {
                awaitAcks(folder, 1);
                awaitFile(disk.data(), 1 + image / 2 % FILES);
            }
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

    /** Waits for the moment at which the writer turns to a file: it writes the file's header before the first record. */
    private static void awaitFile(final Path data, final int number) throws IOException {
        final Path file = data.resolve("journal/g00000001/19700101-%06d.cq4".formatted(number));
        for (int i = 0; i < 600_000; i++) {
            if (Files.exists(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    if (in.read() > 0) {
                        return;
                    }
                }
            }
            LockSupport.parkNanos(100_000);
        }
        throw new AssertionError("the writer never came to " + file);
    }

    private static void awaitAcks(final Path folder, final int lines) throws IOException {
        final Path acks = Scenario.acks(folder);
        final long bytes = lines * 80L;
        for (int i = 0; i < 60_000; i++) {
            if (Files.exists(acks) && Files.size(acks) >= bytes) {
                return;
            }
            NodeProcess.pauseMs(1);
        }
        throw new AssertionError("no acknowledgements come: " + Launcher.text(folder.resolve("load.err")));
    }
}
