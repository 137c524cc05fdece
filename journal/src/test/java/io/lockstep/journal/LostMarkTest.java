package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostMarkTest {
    @TempDir
    private Path folder;

    private Path mark() {
        return new JournalFolder(folder.resolve("journal")).markFile();
    }

    private void writeAndDeleteMark() throws IOException {
        JournalFixture.write(folder, 100, 100);
        Files.delete(mark());
    }

    private void shouldRefuse() {
        final JournalFailedException refused =
                assertThrows(JournalFailedException.class, () -> JournalFixture.open(folder));
        assertEquals(Kind.DAMAGE, refused.kind());
        assertTrue(refused.getMessage().contains("file=" + mark()), refused.getMessage());
        assertTrue(refused.getMessage().contains("put back"), refused.getMessage());
    }

    @Test
    void shouldRefuseAJournalWithoutItsMark() throws IOException {
        writeAndDeleteMark();
        shouldRefuse();
    }

    @Test
    void shouldRefuseAJournalWithAnEmptyMark() throws IOException {
        JournalFixture.write(folder, 100, 100);
        Files.write(mark(), new byte[0]);
        shouldRefuse();
    }

    @Test
    void shouldRefuseAJournalWithAMarkThatCannotBeRead() throws IOException {
        writeAndDeleteMark();
        Files.createDirectory(mark());
        shouldRefuse();
    }

    @Test
    void shouldRefuseAnEmptiedJournalWithoutItsMark() throws IOException {
        writeAndDeleteMark();
        for (final Path file : JournalFixture.files(folder)) {
            Files.write(file, new byte[0]);
        }
        shouldRefuse();
    }

    @Test
    void shouldGoOnWithAMarkThatWasRestored() throws IOException {
        writeAndDeleteMark();
        assertEquals(100, MarkRestorer.restore(folder).lastPosition());
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            assertEquals(100, JournalFixture.read(journal).size());
        }
    }

    @Test
    void shouldLeaveASoundMarkAlone() {
        JournalFixture.write(folder, 100, 100);
        assertFalse(MarkRestorer.restore(folder).restored());
    }

    @Test
    void shouldNotRestoreTheMarkOfADamagedJournal() throws IOException {
        writeAndDeleteMark();
        final Path file = JournalFixture.files(folder).get(0);
        final byte[] bytes = Files.readAllBytes(file);
        for (int offset = bytes.length / 4; offset < bytes.length / 4 + 64; offset++) {
            bytes[offset] ^= 1;
        }
        Files.write(file, bytes);
        final JournalFailedException refused =
                assertThrows(JournalFailedException.class, () -> MarkRestorer.restore(folder));
        assertEquals(List.of(Kind.DAMAGE, false), List.of(refused.kind(), Files.exists(mark())));
    }

    @Test
    void shouldReportALostMarkWhenInspecting() throws IOException {
        writeAndDeleteMark();
        assertFalse(JournalInspector.inspect(folder, (b, o, l) -> true).isSound());
    }

    @Test
    void shouldStartWhereAnEarlierStartDiedBeforeTheMark() throws IOException {
        final JournalFolder journal = new JournalFolder(folder.resolve("journal"));
        journal.create(channel -> channel.force(false));
        journal.createGeneration(1, channel -> channel.force(false));
        Files.write(QueueWriter.preparedFile(journal.generationFolder(1), 0), new byte[JournalFixture.FILE_BYTES]);
        try (ChronicleJournal opened = JournalFixture.open(folder)) {
            assertEquals(0, opened.writtenPosition());
        }
    }

    /** Wherever a first start dies while it forces something, the next one goes on. */
    @Test
    void shouldStartAgainWhereverTheFirstStartDied() throws IOException {
        for (int forces = 0; forces < 8; forces++) {
            final Path data = folder.resolve("died" + forces);
            final int[] left = {forces};
            final ForceOperation dying = (final FileChannel channel) -> {
                if (left[0]-- == 0) {
                    throw new IOException("died");
                }
                channel.force(false);
            };
            try {
                ChronicleJournal.open(JournalFixture.context(data)
                                .forceOperation(dying)
                                .conclude())
                        .close();
            } catch (final JournalFailedException died) {
                assertEquals(Kind.IO, died.kind());
            }
            JournalFixture.write(data, 10, 100);
            assertEquals(10, JournalFixture.scan(data).records().size(), "forces=" + forces);
        }
    }
}
