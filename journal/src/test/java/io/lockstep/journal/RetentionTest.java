package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.journal.snapshot.RetentionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old files are given up on purpose: what is left is a journal, and what is missing beside it is still damage. */
class RetentionTest {
    private static final int RECORDS = 400;
    private static final int VALUE_BYTES = 20_000;

    /** No file of the fixture holds more records of that size. */
    private static final int RECORDS_PER_FILE_MAX = JournalFixture.FILE_BYTES / VALUE_BYTES;

    @TempDir
    Path dataFolder;

    @Test
    void shouldGiveUpWholeFilesBelowWhatSnapshotsHold() {
        try (ChronicleJournal journal = filled()) {
            final int filesBefore = count();
            retain(journal, 200);
            assertTrue(count() < filesBefore);
            assertTrue(journal.firstPosition() > 1);
            assertTrue(journal.firstPosition() <= 200, "a record that is needed went");
            assertEquals(0, journal.retain(upTo(200)), "nothing is left to give up");
        }
    }

    @Test
    void shouldKeepWhatIsYoungOrAmongTheNewestUnlessThereIsTooMuch() {
        try (ChronicleJournal journal = filled()) {
            assertEquals(0, journal.retain(new RetentionRule(RECORDS, RECORDS, -1, Long.MAX_VALUE)));
            assertEquals(0, journal.retain(new RetentionRule(RECORDS, 1, 1, Long.MAX_VALUE)));
            JournalFixture.await(() -> {
                journal.retain(new RetentionRule(RECORDS, 1, -1, 3L << 20));
                return count() <= 5;
            });
            assertTrue(count() >= 3, "files=" + count());
        }
    }

    @Test
    void shouldOpenAgainWhereItBegins() {
        final long first;
        try (ChronicleJournal journal = filled()) {
            retain(journal, 300);
            first = journal.firstPosition();
        }
        for (final long fromPosition : new long[] {0, 350}) {
            try (ChronicleJournal journal =
                    ChronicleJournal.open(JournalFixture.context(dataFolder).conclude(), fromPosition)) {
                assertEquals(first, journal.firstPosition());
                assertEquals(RECORDS, journal.writtenPosition());
                assertEquals(SampleRecords.INCARNATION, journal.retainedIncarnation());
                assertEquals(RECORDS - first + 1, positions(journal, first).size());
            }
        }
    }

    @Test
    void shouldGoOnAppendingAndGivingUp() {
        long first = 1;
        SampleRecords records = new SampleRecords();
        for (int round = 1; round <= 4; round++) {
            try (ChronicleJournal journal = JournalFixture.open(dataFolder)) {
                records.append(journal, (long) round * RECORDS, VALUE_BYTES);
                JournalFixture.awaitDurable(journal, (long) round * RECORDS);
                retain(journal, (long) round * RECORDS - 50);
                assertTrue(journal.firstPosition() > first);
                first = journal.firstPosition();
                assertEquals(
                        (long) round * RECORDS - first + 1,
                        positions(journal, first).size());
                records = new SampleRecords().continueAfter(records.lastPosition(), records.lastHash());
                records.lastSequence(1, (long) round * RECORDS - 1);
            }
        }
    }

    @Test
    void shouldFindTheOldestSequenceThatIsLeft() {
        try (ChronicleJournal journal = filled();
                JournalReader reader = journal.openReader()) {
            retain(journal, 300);
            final long oldest = reader.oldestSequence(1);
            assertEquals(journal.firstPosition() - 1, oldest, "the record of sequence n has position n + 1");
            assertFalse(reader.seekSequence(1, oldest - 1));
            assertTrue(reader.seekSequence(1, oldest));
        }
    }

    @Test
    void shouldRememberTheNewestRecordOfADatabaseThatNobodyWroteFor() {
        final long hash;
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(dataFolder)) {
            records.append(journal, 10, VALUE_BYTES);
            for (int i = 0; i < 3; i++) {
                journal.append(records.buffer(), 0, records.changeSet(2, 100, 0));
            }
            hash = records.lastHash();
            records.append(journal, RECORDS, VALUE_BYTES);
            JournalFixture.awaitDurable(journal, RECORDS);
            retain(journal, 300);
            try (JournalReader reader = journal.openReader()) {
                assertFalse(reader.seekSequence(2, 3));
                assertEquals(hash, reader.retainedCheck(2, 3));
                assertEquals(
                        0, reader.retainedCheck(2, 2), "a client that lacks something is not told that it has all");
                assertEquals(0, reader.retainedCheck(1, 3), "what is newest is still there");
            }
        }
        try (ChronicleJournal journal = JournalFixture.open(dataFolder);
                JournalReader reader = journal.openReader()) {
            assertEquals(hash, reader.retainedCheck(2, 3), "after a restart as well");
        }
    }

    @Test
    void shouldTellAReaderThatWhatItReadsWasGivenUp() {
        try (ChronicleJournal journal = filled();
                JournalReader reader = journal.openReader()) {
            reader.seek(1);
            assertEquals(5, reader.poll((buffer, offset, length) -> true, RECORDS, 5));
            assertTrue(reader.seekSequence(1, 10));
            assertEquals(5, reader.pollDatabase(1, (buffer, offset, length) -> true, RECORDS, 5));
            retain(journal, 300);
            assertThrows(
                    BeyondRetentionException.class,
                    () -> reader.pollDatabase(1, (buffer, offset, length) -> true, RECORDS, 5));
            assertThrows(
                    BeyondRetentionException.class, () -> reader.poll((buffer, offset, length) -> true, RECORDS, 5));
            reader.seek(journal.firstPosition());
            assertEquals(1, reader.poll((buffer, offset, length) -> true, RECORDS, 1));
        }
    }

    @Test
    void shouldDeleteWhatAProcessThatDiedDidNot() throws IOException {
        final Path copy = dataFolder.resolveSibling("copy-" + dataFolder.getFileName());
        try (ChronicleJournal journal = filled()) {
            JournalFixture.copy(dataFolder.resolve("journal"), copy);
            retain(journal, 300);
        }
        final Path oldest = JournalFixture.files(dataFolder).get(0);
        final Path generation =
                dataFolder.resolve("journal").resolve(oldest.getParent().getFileName());
        try (var files = Files.list(copy.resolve(oldest.getParent().getFileName()))) {
            for (final Path file : files.toList()) {
                final Path back = generation.resolve(file.getFileName());
                if (file.toString().endsWith(JournalFolder.SUFFIX) && Files.notExists(back)) {
                    Files.copy(file, back);
                }
            }
        }
        final int before = count();
        try (ChronicleJournal journal = JournalFixture.open(dataFolder)) {
            assertTrue(count() < before + 1);
            assertTrue(journal.firstPosition() > 1);
            assertEquals(RECORDS, journal.writtenPosition());
        }
    }

    @Test
    void shouldCallAFileMissingThatWasNotGivenUp() throws IOException {
        try (ChronicleJournal journal = filled()) {
            retain(journal, 300);
        }
        Files.delete(JournalFixture.files(dataFolder).get(0));
        final JournalFailedException damage =
                assertThrows(JournalFailedException.class, () -> JournalFixture.open(dataFolder));
        assertEquals(JournalFailedException.Kind.DAMAGE, damage.kind());
    }

    @Test
    void shouldNotBelieveAMarkThatIsDamaged() throws IOException {
        try (ChronicleJournal journal = filled()) {
            retain(journal, 300);
        }
        final Path mark = dataFolder.resolve("journal/retained");
        final byte[] good = Files.readAllBytes(mark);
        for (int bit = 0; bit < good.length * 8; bit += 3) {
            final byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(mark, bad);
            assertThrows(IOException.class, () -> RetentionMark.read(mark), "bit=" + bit);
        }
        Files.write(mark, good);
        assertNull(RetentionMark.read(mark.resolveSibling("none")));
        assertArrayEquals(good, Files.readAllBytes(mark));
    }

    private ChronicleJournal filled() {
        final ChronicleJournal journal = JournalFixture.open(dataFolder);
        new SampleRecords().append(journal, RECORDS, VALUE_BYTES);
        JournalFixture.awaitDurable(journal, RECORDS);
        return journal;
    }

    /** A file goes once it has its sidecar, which a thread of its own writes: so until nothing more can go. */
    private static void retain(final ChronicleJournal journal, final long coveredPosition) {
        JournalFixture.await(() -> {
            journal.retain(upTo(coveredPosition));
            return journal.firstPosition() + RECORDS_PER_FILE_MAX > coveredPosition;
        });
    }

    private static RetentionRule upTo(final long coveredPosition) {
        return new RetentionRule(coveredPosition, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private int count() {
        try {
            return JournalFixture.files(dataFolder).size();
        } catch (final IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private static List<Long> positions(final ChronicleJournal journal, final long from) {
        final List<Long> positions = new ArrayList<>();
        try (JournalReader reader = journal.openReader()) {
            reader.seek(from);
            reader.poll(
                    (buffer, offset, length) -> positions.add(RecordFields.position(buffer, offset)),
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE);
        }
        return positions;
    }
}
