package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedFolderTest {
    @TempDir
    private Path folder;

    private static String refused(final Path data) {
        final CliException refused = assertThrows(CliException.class, () -> StoppedFolder.check(data));
        assertEquals(ExitCode.USAGE, refused.exitCode());
        return refused.getMessage();
    }

    @Test
    void shouldTakeAFolderWithAJournal() throws IOException {
        Files.createDirectory(folder.resolve("journal"));
        StoppedFolder.check(folder);
    }

    @Test
    void shouldTellWhatIsNotThere() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        assertTrue(refused(folder.resolve("none")).contains("is no folder"));
        assertTrue(refused(file).contains("is no folder"));
        assertTrue(refused(folder).contains("holds no journal"));
    }

    @Test
    void shouldSayWhoMayNotReadWhat() {
        final String message = StoppedFolder.unreadable(folder, new AccessDeniedException("/d/journal"))
                .getMessage();
        assertTrue(
                message.contains("permission denied: the user " + System.getProperty("user.name")
                        + " may not read /d/journal, and " + folder + " belongs to "),
                message);
    }
}
