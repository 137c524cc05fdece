package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedJournalFileTest {
    private static final int BYTES = 8_192;

    @TempDir
    Path folder;

    @Test
    void shouldMapWhatIsLeftOfAFileThatIsCutMeanwhile() throws IOException {
        final Path path = Files.write(folder.resolve("file"), new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            assertEquals(BYTES, MappedJournalFile.map(channel, 4 * BYTES).capacity());
        }
    }

    @Test
    void shouldFailWhereTheFileIsAsLongAsItWas() throws IOException {
        final Path path = Files.write(folder.resolve("file"), new byte[BYTES]);
        final FileChannel closed = FileChannel.open(path, StandardOpenOption.READ);
        closed.close();
        assertThrows(IOException.class, () -> MappedJournalFile.map(closed, BYTES));
    }
}
