package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SpaceLevel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFilesTest {
    private static final int SECTOR = 512;

    @TempDir
    private Path folder;

    @Test
    void shouldTurnToAnotherFileBeforeOneIsFull() throws IOException {
        JournalFixture.write(folder, 30_000, 100);
        final List<Path> files = JournalFixture.files(folder);
        assertTrue(files.size() > 8, "files=" + files.size());
        for (final Path file : files) {
            assertTrue(Files.size(file) <= JournalFixture.FILE_BYTES, file + " bytes=" + Files.size(file));
        }
        assertEquals(30_000, JournalFixture.scan(folder).records().size());
    }

    @Test
    void shouldReadAcrossFilesFromAnyPosition() {
        JournalFixture.write(folder, 20_000, 100);
        try (ChronicleJournal journal = JournalFixture.open(folder);
                JournalReader reader = journal.openReader()) {
            for (long position = 1; position <= 20_000; position += 997) {
                final long expected = position;
                reader.seek(position);
                reader.poll(
                        (buffer, offset, length) -> {
                            assertEquals(expected, RecordFields.position(buffer, offset));
                            return false;
                        },
                        Long.MAX_VALUE,
                        1);
            }
        }
    }

    @Test
    void shouldGoOnInANewGenerationAtEachStart() throws IOException {
        final SampleRecords records = new SampleRecords();
        for (int start = 1; start <= 4; start++) {
            try (ChronicleJournal journal = JournalFixture.open(folder)) {
                assertEquals((start - 1) * 5_000L, journal.writtenPosition());
                records.append(journal, start * 5_000L, 100);
                assertEquals(start * 5_000, JournalFixture.read(journal).size());
            }
        }
        assertEquals(
                4, new JournalFolder(folder.resolve("journal")).generations().size());
    }

    @Test
    void shouldLeaveNothingBehindWhenNothingWasAppended() throws IOException {
        JournalFixture.open(folder).close();
        JournalFixture.open(folder).close();
        assertEquals(List.of(), new JournalFolder(folder.resolve("journal")).generations());
    }

    @Test
    void shouldHaveEveryBlockOfAFileAllocatedBeforeTheWriterComesThere() throws IOException, InterruptedException {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            new SampleRecords().append(journal, 10, 100);
            final Path file = JournalFixture.files(folder).get(0);
            assertEquals(QueueWriter.allocatedBytes(JournalFixture.FILE_BYTES), Files.size(file));
            assertTrue(allocatedBytes(file) >= Files.size(file), "allocated=" + allocatedBytes(file));
        }
    }

    @Test
    void shouldHaveTheNextFileReadyWhenThisOneIsHalfFull() throws IOException {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            new SampleRecords().append(journal, 2_000, 100);
            final Path next =
                    QueueWriter.preparedFile(new JournalFolder(folder.resolve("journal")).generationFolder(1), 1);
            JournalFixture.await(() -> next.toFile().length() == QueueWriter.allocatedBytes(JournalFixture.FILE_BYTES));
            assertEquals(SpaceLevel.NORMAL, journal.spaceLevel());
        }
    }

    @Test
    void shouldNeverBeShortOfRoomForOthersWhileWhatCanWaitDoes() {
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            for (int position = 1; position <= 800; position++) {
                JournalFixture.await(journal::hasRoomForBulk);
                records.append(journal, position, 10_000);
                assertEquals(SpaceLevel.NORMAL, journal.spaceLevel());
            }
        }
    }

    @Test
    void shouldGiveBackWhatAFileDidNotUse() throws IOException {
        JournalFixture.write(folder, 10, 100);
        assertTrue(Files.size(JournalFixture.files(folder).get(0)) < 16 << 10);
    }

    /** The process went between going on to the next file and giving back what the last one did not use. */
    @Test
    void shouldGiveBackAfterAKillWhatAFileDidNotUse() throws IOException {
        JournalFixture.write(folder, 200, 10_000);
        final List<Path> written = JournalFixture.files(folder);
        assertTrue(written.size() > 1, "one file only");
        try (RandomAccessFile first = new RandomAccessFile(written.get(0).toFile(), "rw")) {
            first.setLength(2L * JournalFixture.FILE_BYTES);
        }
        JournalFixture.open(folder).close();
        assertTrue(Files.size(written.get(0)) <= JournalFixture.FILE_BYTES);
    }

    @Test
    void shouldBelongToTheOwnerAlone() throws IOException {
        JournalFixture.write(folder, 1, 0);
        final Path journal = folder.resolve("journal");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)));
    }

    @Test
    void shouldNameTheProcessThatHoldsTheFolder() {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            assertEquals(0, journal.writtenPosition());
            final JournalFailedException refused =
                    assertThrows(JournalFailedException.class, () -> JournalFixture.open(folder));
            assertEquals(Kind.LOCKED, refused.kind());
            final String pid = "pid=" + ProcessHandle.current().pid();
            assertTrue(refused.getMessage().contains(pid), refused.getMessage());
        }
    }

    @Test
    void shouldFailWhenItsFilesAreDeleted() throws IOException {
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            records.append(journal, 1, 100);
            for (final Path file : JournalFixture.files(folder)) {
                Files.delete(file);
            }
            JournalFixture.await(() -> journal.failure() != null);
            assertEquals(Kind.IO, journal.failure().kind());
        }
    }

    @Test
    void shouldRefuseToInspectWhileANodeRuns() {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            assertEquals(0, journal.writtenPosition());
            final JournalFailedException refused = assertThrows(
                    JournalFailedException.class, () -> JournalInspector.inspect(folder, (b, o, l) -> true));
            assertEquals(Kind.LOCKED, refused.kind());
        }
    }

    @Test
    void shouldSayWhatAnInspectionFound() {
        JournalFixture.write(folder, 10_000, 100);
        final InspectionReport report = JournalInspector.inspect(folder, (b, o, l) -> true);
        assertTrue(report.isSound());
        assertEquals(10_000, report.records());
        assertEquals(1, report.firstPosition());
        assertEquals(10_000, report.lastPosition());
        assertEquals(10_000, report.durablePosition());
        assertEquals(List.of(), report.problems());
    }

    @Test
    void shouldSayThatThereIsNoJournal() {
        final JournalFailedException refused =
                assertThrows(JournalFailedException.class, () -> JournalInspector.inspect(folder, (b, o, l) -> true));
        assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
    }

    @Test
    void shouldRemainReadableByTheQueueItself() {
        JournalFixture.write(folder, 9_000, 100);
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(
                                folder.resolve("journal").resolve("g00000001").toFile())
                        .rollCycle(FileCycle.FILE_A_SECOND)
                        .timeProvider(() -> 0)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            final Bytes<?> bytes = Bytes.allocateElasticOnHeap();
            int count = 0;
            while (tailer.readBytes(bytes)) {
                count++;
                assertEquals(RecordFields.HEADER_WORD_0, bytes.readInt(0));
                bytes.clear();
            }
            assertEquals(9_000, count);
            bytes.releaseLast();
        }
    }

    @Test
    void shouldTakeARecordFromTheHeapAsWellAsFromMemory() {
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            final byte[] heap = new byte[records.genesis(0)];
            records.buffer().getBytes(0, heap);
            journal.append(new org.agrona.concurrent.UnsafeBuffer(heap), 0, heap.length);
            assertArrayEquals(heap, JournalFixture.read(journal).get(0));
        }
    }

    /** What the file system says that a file takes, by the tool that asks it. */
    private static long allocatedBytes(final Path file) throws IOException, InterruptedException {
        final Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        Assumptions.assumeTrue(stat.waitFor() == 0, "stat is not here");
        return Long.parseLong(
                        new String(stat.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                                .trim())
                * SECTOR;
    }
}
