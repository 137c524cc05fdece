package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.record.RecordView;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    private static final int RECORDS = 20;
    private static final int VALUE_BYTES = 1_200;
    private static final int SECTOR = QueueDescriptor.SECTOR_BYTES;

    @TempDir
    private Path folder;

    private Path file;
    private List<Integer> documents;
    private List<byte[]> expected;

    private void writeDurable() throws IOException {
        JournalFixture.write(folder, RECORDS, VALUE_BYTES);
        look(folder);
    }

    private void writeNothingDurable() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, VALUE_BYTES);
        look(folder);
    }

    private void look(final Path dataFolder) throws IOException {
        file = JournalFixture.files(dataFolder).get(0);
        JournalFixture.extend(file);
        documents = JournalFixture.documents(file);
        expected = JournalFixture.scan(dataFolder).records();
    }

    @Test
    void shouldTellALostTailFromTheDurableMark() throws IOException {
        writeDurable();
        zero(documents.get(RECORDS - 1), documents.get(RECORDS));
        final ScanResult result = JournalFixture.scan(folder).result();
        assertNotNull(result.damage());
        assertEquals(RECORDS, result.damage().position());
    }

    @Test
    void shouldTakeATailThatWasNeverDurableForUnpublished() throws IOException {
        writeNothingDurable();
        zero(documents.get(RECORDS - 1), documents.get(RECORDS));
        final ScanResult result = JournalFixture.scan(folder).result();
        assertNull(result.damage());
        assertEquals(RECORDS - 1, result.lastPosition());
        assertEquals(0, result.cutFrom());
    }

    @Test
    void shouldCutATornTailAndEverythingBehind() throws IOException {
        writeNothingDurable();
        zeroSectorIn(10);
        final ScanResult result = JournalFixture.scan(folder).result();
        assertNull(result.damage());
        assertEquals(10, result.lastPosition());
        assertEquals(11, result.cutFrom());
        assertEquals(RECORDS, result.cutTo());
        assertTrue(result.rule().startsWith("torn tail"), result.rule());
    }

    @Test
    void shouldVoidTheTornTailForEverAndGoOnFromThere() throws IOException {
        writeNothingDurable();
        zeroSectorIn(10);
        final byte[] before = Arrays.copyOf(Files.readAllBytes(file), documents.get(RECORDS));
        final SampleRecords records = new SampleRecords();
        for (int start = 0; start < 3; start++) {
            try (ChronicleJournal journal = JournalFixture.open(folder)) {
                final List<byte[]> read = JournalFixture.read(journal);
                assertEquals(11 + start * 5, read.size());
                final UnsafeBuffer cut = new UnsafeBuffer(read.get(10));
                final RecordView view = new RecordView().wrap(cut, 0, cut.capacity());
                assertEquals(RecordKind.CUT, view.kind());
                final UnsafeBuffer last = new UnsafeBuffer(read.get(read.size() - 1));
                records.continueAfter(journal.writtenPosition(), RecordFields.hash(last, 0));
                records.append(journal, journal.writtenPosition() + 5, 50);
            }
        }
        final byte[] after = Arrays.copyOf(Files.readAllBytes(file), before.length);
        assertTrue(Arrays.equals(before, after), "the voided bytes stay for the post-mortem");
        assertTrue(JournalInspector.inspect(folder, (b, o, l) -> true).isSound());
    }

    @Test
    void shouldCallTheSameHoleDamageBelowTheDurablePosition() throws IOException {
        writeDurable();
        zeroSectorIn(10);
        final JournalFailedException refused =
                assertThrows(JournalFailedException.class, () -> JournalFixture.open(folder));
        assertEquals(Kind.DAMAGE, refused.kind());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("position=11"), refused.getMessage());
        assertTrue(refused.getMessage().contains("offset=" + documents.get(10)), refused.getMessage());
    }

    @Test
    void shouldTakeTheDurablePositionFromARecordBehindTheBadOne() throws IOException {
        final Path other = folder.resolve("other");
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = JournalFixture.open(other)) {
            records.append(journal, 10, VALUE_BYTES);
            JournalFixture.awaitDurable(journal, 10);
            records.append(journal, 12, VALUE_BYTES);
        }
        JournalFixture.forgetMark(other);
        look(other);
        zeroSectorIn(9);
        final ScanResult result = JournalFixture.scan(other).result();
        assertNotNull(result.damage());
        assertEquals(10, result.damage().position());
    }

    @Test
    void shouldChangeNothingWhenItRefuses() throws IOException {
        writeDurable();
        zeroSectorIn(10);
        final byte[] before = Files.readAllBytes(file);
        assertThrows(JournalFailedException.class, () -> JournalFixture.open(folder));
        assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
        assertEquals(
                1, new JournalFolder(folder.resolve("journal")).generations().size());
    }

    @Test
    void shouldCallAChangedRecordDamageEvenAboveTheDurablePosition() throws IOException {
        writeNothingDurable();
        flip(documents.get(RECORDS - 1) + 300, 1);
        final ScanResult result = JournalFixture.scan(folder).result();
        assertNotNull(result.damage());
        assertEquals(0, result.cutFrom());
    }

    @Test
    void shouldDropAnAppendThatWasNeverPublished() throws IOException {
        writeNothingDurable();
        final int last = documents.get(RECORDS - 1);
        zero(last, last + QueueDescriptor.WORD_BYTES);
        zero(last + 700, documents.get(RECORDS));
        final ScanResult result = JournalFixture.scan(folder).result();
        assertNull(result.damage());
        assertEquals(RECORDS - 1, result.lastPosition());
        assertEquals(0, result.cutFrom());
        assertTrue(result.rule().startsWith("unfinished"), result.rule());
    }

    @Test
    void shouldKeepARecordThatIsWholeThoughItsWordIsMissing() throws IOException {
        writeDurable();
        final int last = documents.get(RECORDS - 1);
        zero(last, last + QueueDescriptor.WORD_BYTES);
        final JournalFixture.Scan scan = JournalFixture.scan(folder);
        assertNull(scan.result().damage());
        assertTrue(scan.hasFirst(expected, RECORDS));
        assertFalse(scan.result().problems().isEmpty(), "it is reported all the same");
    }

    @Test
    void shouldReadARecordWhoseWordIsMissing() throws IOException {
        writeDurable();
        final int document = documents.get(5);
        zero(document, document + QueueDescriptor.WORD_BYTES);
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            assertEquals(RECORDS, JournalFixture.read(journal).size());
        }
    }

    @Test
    void shouldNeverLoseADurableRecordHoweverTheFileIsCutShort() throws IOException {
        writeDurable();
        for (int length = endOfLast() - 1; length >= documents.get(RECORDS - 3); length--) {
            truncate(length);
            final ScanResult result = JournalFixture.scan(folder).result();
            assertNotNull(result.damage(), "length=" + length);
            assertEquals(0, result.cutFrom(), "length=" + length);
        }
    }

    @Test
    void shouldKeepWhatIsWholeHoweverAFileThatWasNeverSyncedIsCutShort() throws IOException {
        writeNothingDurable();
        int whole = RECORDS;
        for (int length = endOfLast() - 1; length >= documents.get(RECORDS - 3); length--) {
            truncate(length);
            if (length < endOf(whole - 1)) {
                whole--;
            }
            final JournalFixture.Scan scan = JournalFixture.scan(folder);
            assertEquals(whole, scan.records().size(), "length=" + length);
            assertTrue(scan.hasFirst(expected, whole), "length=" + length);
        }
    }

    @Test
    void shouldMissAWholeFile() throws IOException {
        final Path other = folder.resolve("other");
        JournalFixture.write(other, 20_000, 100);
        final List<Path> files = JournalFixture.files(other);
        Files.delete(files.get(1));
        assertNotNull(JournalFixture.scan(other).result().damage());
    }

    @Test
    void shouldMissTheLastFile() throws IOException {
        final Path other = folder.resolve("other");
        JournalFixture.write(other, 20_000, 100);
        final List<Path> files = JournalFixture.files(other);
        Files.delete(files.get(files.size() - 1));
        assertNotNull(JournalFixture.scan(other).result().damage());
    }

    /** Where record {@code position + 1} ends, without the padding behind. */
    private int endOf(final int position) {
        return documents.get(position) + QueueDescriptor.WORD_BYTES + expected.get(position).length;
    }

    private int endOfLast() {
        return endOf(RECORDS - 1);
    }

    private void truncate(final int length) throws IOException {
        try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
            raf.setLength(length);
        }
    }

    /** Zeroes the second sector of the record after {@code position}. */
    private void zeroSectorIn(final int position) throws IOException {
        final int start = (documents.get(position) / SECTOR + 1) * SECTOR;
        zero(start, start + SECTOR);
    }

    private void zero(final int from, final int to) throws IOException {
        try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
            raf.seek(from);
            raf.write(new byte[to - from]);
        }
    }

    private void flip(final int offset, final int bit) throws IOException {
        try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
            raf.seek(offset);
            final int value = raf.read();
            raf.seek(offset);
            raf.write(value ^ 1 << bit);
        }
    }
}
