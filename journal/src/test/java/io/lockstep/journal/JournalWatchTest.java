package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do to the files of a journal that is in use. */
class JournalWatchTest {
    private static final int RECORDS = 30_000;

    @TempDir
    private Path folder;

    /** Something done to a file. */
    private interface Deed {
        void doTo(Path file) throws IOException;
    }

    private static void truncate(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(100);
        }
    }

    private Path mark() {
        return new JournalFolder(folder.resolve("journal")).markFile();
    }

    /** Opens a journal of several files, writes on, and expects that it names the file to which something was done. */
    private void shouldFailOver(final Path file, final Deed deed, final String words) throws IOException {
        try (ChronicleJournal journal = JournalFixture.open(folder)) {
            new SampleRecords().append(journal, RECORDS, 100);
            JournalFixture.awaitDurable(journal, RECORDS);
            // Not before the files that are full have been trimmed, and all of them were looked at once.
            assertNull(journal.failure());
            deed.doTo(file);
            JournalFixture.await(() -> journal.failure() != null);
            assertEquals(Kind.IO, journal.failure().kind());
            final String message = journal.failure().getMessage();
            assertTrue(message.contains(words) && message.contains(file.toString()), message);
        }
    }

    private Path file(final int number) {
        return QueueWriter.file(new JournalFolder(folder.resolve("journal")).generationFolder(1), number);
    }

    @Test
    void shouldFailWhenAnOlderFileIsDeleted() throws IOException {
        shouldFailOver(file(2), Files::delete, "was deleted");
    }

    @Test
    void shouldFailWhenAnOlderFileIsCutShort() throws IOException {
        shouldFailOver(file(2), JournalWatchTest::truncate, "was cut short");
    }

    @Test
    void shouldFailWhenTheMarkIsDeleted() throws IOException {
        shouldFailOver(mark(), Files::delete, "the durable mark was deleted");
    }

    @Test
    void shouldFailWhenTheMarkIsCutShort() throws IOException {
        shouldFailOver(mark(), JournalWatchTest::truncate, "the durable mark was cut short");
    }

    @Test
    void shouldTellAMarkThatWasReplaced() throws IOException {
        JournalFixture.write(folder, 10, 100);
        final JournalWatch watch = new JournalWatch(new FileTable(), mark());
        assertNull(watch.trouble());
        final Path copy = Files.copy(mark(), folder.resolve("copy"));
        Files.move(copy, mark(), StandardCopyOption.REPLACE_EXISTING);
        assertTrue(watch.trouble().contains("was replaced"));
    }

    @Test
    void shouldLookAtEveryOlderFileInTurn() throws IOException {
        JournalFixture.write(folder, 1, 100);
        final FileTable files = new FileTable();
        final JournalWatch watch = new JournalWatch(files, mark());
        final Path there = JournalFixture.files(folder).get(0);
        for (int i = 0; i < 300; i++) {
            final Path path = i == 200 ? folder.resolve("gone.cq4") : there;
            files.add(new JournalFile(i, 1, path, i + 1, 0));
        }
        final List<String> troubles = new java.util.ArrayList<>();
        for (int look = 0; look < 5; look++) {
            troubles.add(String.valueOf(watch.trouble()));
        }
        assertTrue(troubles.stream().anyMatch(each -> each.contains("gone.cq4")), troubles.toString());
    }
}
