package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueWriterTest {
    private static final long FILE_BYTES = 1 << 20;
    private static final int RECORD_BYTES_MAX = 8_192;
    private static final int PAGE_BYTES = 4_096;

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_BYTES_MAX]);

    @TempDir
    Path folder;

    @Test
    void shouldGoOnToTheNextFileWhereTheLastOneIsCutAtItsEnd() throws IOException {
        prepare(0);
        prepare(1);
        try (QueueWriter writer = new QueueWriter(folder, FILE_BYTES, RECORD_BYTES_MAX)) {
            fillPage(writer);
            final int end = writer.endOfFile();
            final Path last = writer.file();
            PrepareAgent.trim(last, end);
            writer.turn();
            writer.append(record, 0, 100);
            try (MappedJournalFile mapped = MappedJournalFile.open(last)) {
                assertEquals(QueueDescriptor.END_OF_FILE, mapped.word(end - QueueDescriptor.WORD_BYTES));
            }
            assertTrue(Files.size(last) < FILE_BYTES / 2, "it was not cut");
        }
    }

    /** The end-of-file word is the last of a page. */
    private void fillPage(final QueueWriter writer) {
        writer.append(record, 0, 100);
        while (writer.endOfFile() % PAGE_BYTES != 0) {
            final int before = writer.endOfFile() + QueueDescriptor.WORD_BYTES;
            writer.append(record, 0, PAGE_BYTES + (PAGE_BYTES - before % PAGE_BYTES) % PAGE_BYTES);
        }
    }

    private void prepare(final int number) throws IOException {
        Files.write(QueueWriter.preparedFile(folder, number), new byte[QueueWriter.allocatedBytes(FILE_BYTES)]);
    }
}
