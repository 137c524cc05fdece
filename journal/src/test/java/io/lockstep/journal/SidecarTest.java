package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarTest {
    private static final int RECORDS = 10_000;
    private static final long OLD_MS = 1_000_000_000_000L;

    @TempDir
    private Path folder;

    /** Several files, all with sidecars but the last one. */
    private List<Path> write() throws IOException {
        JournalFixture.write(folder, RECORDS, 100);
        try (RecoveredIndex recovered = new RecoveredIndex(folder, 0, 100)) {
            assertTrue(
                    recovered.files().nextIndex() > 3,
                    "files=" + recovered.files().nextIndex());
        }
        return JournalFixture.files(folder);
    }

    @Test
    void shouldGiveEveryFinishedFileASidecarAndItsMemoryBack() {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            new SampleRecords().append(journal, RECORDS, 100);
            JournalFixture.awaitDurable(journal, RECORDS);
            JournalFixture.await(() -> {
                final List<Path> files = filesNow();
                return files.size() > 3
                        && files.subList(0, files.size() - 1).stream()
                                .allMatch(file -> Files.exists(SidecarDescriptor.path(file)));
            });
        }
    }

    private List<Path> filesNow() {
        try {
            return JournalFixture.files(folder);
        } catch (final IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldNotWriteASidecarAgainThatIsGood() throws IOException {
        final List<Path> files = write();
        for (final Path file : files) {
            Files.setLastModifiedTime(SidecarDescriptor.path(file), FileTime.fromMillis(OLD_MS));
        }
        JournalFixture.open(folder).close();
        for (final Path file : files) {
            assertEquals(
                    OLD_MS,
                    Files.getLastModifiedTime(SidecarDescriptor.path(file)).toMillis(),
                    file.toString());
        }
    }

    @Test
    void shouldUseTheSidecarsThatTheRunningJournalWrote() throws IOException {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            new SampleRecords().append(journal, RECORDS, 100);
            JournalFixture.await(
                    () -> Files.exists(SidecarDescriptor.path(filesNow().get(2))));
        }
        final Path sidecar = SidecarDescriptor.path(filesNow().get(2));
        Files.setLastModifiedTime(sidecar, FileTime.fromMillis(OLD_MS));
        JournalFixture.open(folder).close();
        assertEquals(OLD_MS, Files.getLastModifiedTime(sidecar).toMillis());
    }

    @Test
    void shouldMakeASidecarThatACrashPreventedAtTheNextStart() throws IOException {
        final List<Path> files = write();
        final Path sidecar = SidecarDescriptor.path(files.get(1));
        final byte[] whole = Files.readAllBytes(sidecar);
        Files.delete(sidecar);
        Files.write(SidecarDescriptor.temporaryPath(files.get(1)), new byte[100]);
        JournalFixture.open(folder).close();
        assertArrayEquals(whole, Files.readAllBytes(sidecar));
        assertFalse(Files.exists(SidecarDescriptor.temporaryPath(files.get(1))));
    }

    @Test
    void shouldNotBelieveAnyChangedBitOfASidecar() throws IOException {
        final Path sidecar = SidecarDescriptor.path(write().get(1));
        final byte[] whole = Files.readAllBytes(sidecar);
        final Path copy = folder.resolve("copy");
        for (int at = 0; at < whole.length; at += at < SidecarDescriptor.HEADER_BYTES ? 1 : 97) {
            final byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(copy, changed);
            assertNull(Sidecars.read(copy), "offset=" + at);
        }
        Files.write(copy, whole);
        final MappedFileIndex sound = Sidecars.read(copy);
        assertNotNull(sound);
        sound.close();
    }

    @Test
    void shouldAnswerRightWhileSidecarsVanishUnderTheReader() throws IOException {
        final List<Path> files = write();
        try (RecoveredIndex recovered = new RecoveredIndex(folder, 0, 1);
                JournalReader reader = recovered.openReader()) {
            for (final Path file : files) {
                Files.delete(SidecarDescriptor.path(file));
            }
            assertEquals(RECORDS - 1, sequencesFrom(reader, 1).size());
            assertEquals(4_000, sequencesFrom(reader, RECORDS - 4_000).size());
            assertEquals(1, reader.oldestSequence(1));
        }
    }

    @Test
    void shouldMakeTheIndexAgainWhenItLeadsToAnotherRecord() throws IOException {
        final List<Path> files = write();
        Files.copy(SidecarDescriptor.path(files.get(0)), folder.resolve("first"));
        try (RecoveredIndex recovered = new RecoveredIndex(folder, 0, 100);
                JournalReader reader = recovered.openReader()) {
            // A sound sidecar, but of another file: what a bad disk makes of a mapped one is not known to be worse.
            final MappedFileIndex wrong = Sidecars.read(folder.resolve("first"));
            final JournalFile file = recovered.files().get(1);
            file.fileIndex(wrong);
            reader.seek(file.firstPosition() + 7);
            reader.poll(
                    (buffer, offset, length) -> {
                        assertEquals(file.firstPosition() + 7, RecordFields.position(buffer, offset));
                        return true;
                    },
                    Long.MAX_VALUE,
                    1);
            assertInstanceOf(MappedFileIndex.class, file.fileIndex());
            assertTrue(file.fileIndex() != wrong);
        }
    }

    @Test
    void shouldCallItDamageWhenTheJournalFileIsBadToo() throws IOException {
        final List<Path> files = write();
        try (RecoveredIndex recovered = new RecoveredIndex(folder, 0, 100);
                JournalReader reader = recovered.openReader()) {
            final JournalFile file = recovered.files().get(1);
            final long bad = file.firstPosition() + 100;
            flip(files.get(1), JournalFixture.documents(files.get(1)).get(100) + 150);
            reader.seek(bad);
            final JournalFailedException thrown =
                    assertThrows(JournalFailedException.class, () -> reader.poll((b, o, l) -> true, Long.MAX_VALUE, 1));
            assertEquals(Kind.DAMAGE, thrown.kind());
            assertTrue(thrown.getMessage().contains("position=" + bad), thrown.getMessage());
        }
    }

    @Test
    void shouldNotReadFilesBelowWhatAStartNeeds() throws IOException {
        final List<Path> files = write();
        final long firstOfThird;
        try (RecoveredIndex whole = new RecoveredIndex(folder, 0, 100)) {
            firstOfThird = whole.files().get(2).firstPosition();
        }
        // In the middle of the second file, so that whoever scans it must find it.
        flip(files.get(1), JournalFixture.documents(files.get(1)).get(100) + 150);
        assertThrows(JournalFailedException.class, () -> new RecoveredIndex(folder, 0, 100));
        assertThrows(JournalFailedException.class, () -> new RecoveredIndex(folder, firstOfThird - 1, 100));
        try (RecoveredIndex recovered = new RecoveredIndex(folder, firstOfThird, 100);
                JournalReader reader = recovered.openReader()) {
            assertEquals(RECORDS, recovered.result().lastPosition());
            assertEquals(RECORDS - 1, sequencesAfter(reader, firstOfThird).get((int) (RECORDS - firstOfThird)));
            assertEquals(1, reader.oldestSequence(1));
            assertTrue(reader.seekSequence(1, 10));
        }
    }

    @Test
    void shouldScanAFileWhoseSidecarIsMissingEvenBelow() throws IOException {
        final List<Path> files = write();
        Files.delete(SidecarDescriptor.path(files.get(1)));
        flip(files.get(1), JournalFixture.documents(files.get(1)).get(100) + 150);
        assertThrows(JournalFailedException.class, () -> new RecoveredIndex(folder, RECORDS, 100));
    }

    @Test
    void shouldTrustNoSidecarAboveTheDurableMark() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, 100);
        new RecoveredIndex(folder, 0, 100).close();
        JournalFixture.forgetMark(folder);
        final List<Path> files = JournalFixture.files(folder);
        flip(files.get(1), JournalFixture.documents(files.get(1)).get(100) + 150);
        assertThrows(JournalFailedException.class, () -> new RecoveredIndex(folder, RECORDS, 100));
    }

    private static List<Long> sequencesFrom(final JournalReader reader, final long sequence) {
        assertTrue(reader.seekSequence(1, sequence));
        return poll(reader);
    }

    private static List<Long> sequencesAfter(final JournalReader reader, final long position) {
        reader.seek(position);
        return poll(reader);
    }

    private static List<Long> poll(final JournalReader reader) {
        final List<Long> sequences = new ArrayList<>();
        reader.pollDatabase(
                1,
                (buffer, offset, length) -> sequences.add(RecordFields.sequence(buffer, offset)),
                Long.MAX_VALUE,
                Integer.MAX_VALUE);
        return sequences;
    }

    private static void flip(final Path file, final int offset) throws IOException {
        final byte[] content = Files.readAllBytes(file);
        content[offset] ^= 1;
        Files.write(file, content);
    }
}
