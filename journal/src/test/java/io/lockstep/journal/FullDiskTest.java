package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.SpaceLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up: refused in time, nothing lost, and service again when there is room. Needs root, for a mount. */
@Timeout(120)
abstract class FullDiskTest {
    private static final int IN_FLIGHT = 128 << 10;

    @TempDir
    private Path folder;

    private Path disk;
    private boolean mounted;

    /** A file system of some 12 MiB on {@code point}; {@code image} may be used to hold it. */
    abstract List<String> mountCommand(Path image, Path point) throws Exception;

    @BeforeEach
    void mount() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount a small disk");
        disk = Files.createDirectory(folder.resolve("disk"));
        final List<String> command = mountCommand(folder.resolve("image"), disk);
        mounted = run(command) == 0;
        Assumptions.assumeTrue(mounted, "cannot mount: " + command);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertEquals(0, run(List.of("umount", disk.toString())));
        }
    }

    static int run(final List<String> command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void shouldTakeEverythingThatWasInFlightWhenItRefused() {
        final SampleRecords records = new SampleRecords();
        final long last;
        try (ChronicleJournal journal = JournalFixture.open(disk)) {
            fill(journal, records);
            final long refusedAt = records.lastPosition();
            // As many bytes as the ring may hold, appended after the refusal.
            for (int bytes = 0; bytes < IN_FLIGHT; ) {
                final int length = records.changeSet(1, 900, 0);
                journal.append(records.buffer(), 0, length);
                bytes += length;
            }
            journal.batchAppended();
            last = records.lastPosition();
            assertTrue(last > refusedAt);
            JournalFixture.awaitDurable(journal, last);
            assertNull(journal.failure());
            assertEquals(last, JournalFixture.read(journal).size(), "reads go on");
        }
        assertEquals(last, JournalInspector.inspect(disk, (b, o, l) -> true).lastPosition());
    }

    @Test
    void shouldServeAgainWhenThereIsRoom() throws IOException {
        final Path ballast = disk.resolve("ballast");
        Files.write(ballast, new byte[6 << 20]);
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(disk)) {
            fill(journal, records);
            Files.delete(ballast);
            JournalFixture.await(() -> journal.spaceLevel() == SpaceLevel.NORMAL);
            for (int i = 0; i < 2_000; i++) {
                records.append(journal, records.lastPosition() + 1, 900);
            }
            JournalFixture.awaitDurable(journal, records.lastPosition());
            assertEquals(records.lastPosition(), JournalFixture.read(journal).size());
        }
    }

    @Test
    void shouldStartOnAFullDiskFromItsReserve() throws IOException {
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = openWithReserve()) {
            records.append(journal, 100, 900);
            JournalFixture.await(() -> Files.exists(disk.resolve("journal").resolve("reserve")));
        }
        fillWithOtherFiles();
        try (ChronicleJournal journal = openWithReserve()) {
            assertEquals(100, journal.writtenPosition());
            records.append(journal, 110, 900);
            JournalFixture.awaitDurable(journal, 110);
        }
    }

    private ChronicleJournal openWithReserve() {
        return ChronicleJournal.open(
                JournalFixture.context(disk).reserveBytes(2 << 20).conclude());
    }

    private void fillWithOtherFiles() {
        for (int size = 1 << 20; size >= 512; size /= 2) {
            try {
                for (int i = 0; i < 1_000; i++) {
                    Files.write(disk.resolve("other-" + size + "-" + i), new byte[size]);
                }
            } catch (final IOException full) {
                assertTrue(size > 0);
            }
        }
    }

    /** Appends as a node does: only while it is not told to refuse. */
    private static void fill(final ChronicleJournal journal, final SampleRecords records) {
        while (journal.spaceLevel() != SpaceLevel.HARD) {
            records.append(journal, records.lastPosition() + 1, 900);
        }
        assertNotEquals(0, records.lastPosition());
    }
}
