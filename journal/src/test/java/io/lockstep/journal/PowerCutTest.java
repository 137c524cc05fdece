package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the device has at the moment of an acknowledgement is all that is left: the image behind a loop mount is copied
 * while the writer stands still, and recovered elsewhere. Needs root, for the mounts.
 */
@Timeout(600)
class PowerCutTest {
    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasAcknowledgedThroughPowerCuts() throws Exception {
        cutPower(2);
    }

    @Test
    @Tag("long")
    void shouldKeepWhatWasAcknowledgedThroughManyPowerCuts() throws Exception {
        cutPower(30);
    }

    private void cutPower(final int times) throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount an image");
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int cut = 0; cut < times; cut++) {
            final Path here = Files.createDirectory(folder.resolve("cut" + cut));
            final Path image = here.resolve("image");
            final Path copy = here.resolve("copy");
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(96 << 20);
            }
            Assumptions.assumeTrue(run("mkfs.ext4", "-q", image.toString()) == 0, "cannot make ext4");
            final Path disk = mount(image, here.resolve("disk"));
            final long[] acknowledged = new long[1];
            try {
                acknowledged[0] = WriterProcess.run(
                        disk.resolve("data"), "synced", random.nextLong(), 5 + random.nextInt(400), writer -> {
                            assertEquals(0, run("kill", "-STOP", Long.toString(writer.pid())));
                            Files.copy(image, copy);
                        });
            } finally {
                assertEquals(0, run("umount", disk.toString()));
            }
            recover(mount(copy, here.resolve("recovered")), acknowledged[0], "seed=" + seed + ", cut=" + cut);
            Files.delete(image);
            Files.delete(copy);
        }
    }

    private static void recover(final Path disk, final long acknowledged, final String where) throws Exception {
        try (ChronicleJournal journal = JournalFixture.open(disk.resolve("data"))) {
            // All that was ever said was said before the stop, and the image was copied after it.
            assertTrue(
                    journal.writtenPosition() >= acknowledged,
                    where + ", writtenPosition=" + journal.writtenPosition() + ", acknowledged=" + acknowledged
                            + ", rule=" + journal.rule());
            assertEquals(journal.writtenPosition(), JournalFixture.read(journal).size(), where);
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static Path mount(final Path image, final Path point) throws Exception {
        Files.createDirectory(point);
        Assumptions.assumeTrue(run("mount", "-o", "loop", image.toString(), point.toString()) == 0, "cannot mount");
        return point;
    }

    private static int run(final String... command) throws Exception {
        return FullDiskTest.run(List.of(command));
    }
}
