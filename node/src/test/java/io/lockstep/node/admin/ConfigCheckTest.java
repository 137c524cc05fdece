package io.lockstep.node.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.LockstepCommand;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCheckTest {
    @TempDir
    private Path folder;

    /** What was printed to standard error, and the code behind it. */
    private List<String> check(final String content, final ExitCode expected) throws IOException {
        final Path file = Files.writeString(folder.resolve("node.conf"), content);
        return check(file, expected);
    }

    private static List<String> check(final Path file, final ExitCode expected) {
        final StringWriter err = new StringWriter();
        final CommandLine command = LockstepCommand.commandLine().setErr(new PrintWriter(err));
        final int code = command.execute("config", "--check", file.toString());
        assertEquals(expected.code(), code, err::toString);
        return err.toString().lines().toList();
    }

    @Test
    void shouldSayNothingOfAFileThatIsRight() throws IOException {
        assertEquals(List.of(), check("# a node\nauth = none\nidle-spin-us = 5\n", ExitCode.OK));
    }

    @Test
    void shouldNameEveryWrongLine() throws IOException {
        final List<String> problems =
                check("auth = none\nring-slot = 64\nno value\nring-slots = many\nauth = none\n", ExitCode.USAGE);
        assertEquals(4, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("line 2: unknown setting 'ring-slot'"), problems.get(0));
        assertTrue(problems.get(1).contains("line 3: 'no value' is not name = value"), problems.get(1));
        assertTrue(problems.get(2).contains("line 4: ring-slots"), problems.get(2));
        assertTrue(problems.get(3).contains("line 5: auth is already set in line 1"), problems.get(3));
    }

    @Test
    void shouldTellWhatDoesNotGoTogether() throws IOException {
        final List<String> problems =
                check("auth = none\nspace-soft-bytes = 1MiB\nspace-hard-bytes = 2MiB\n", ExitCode.USAGE);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("space-hard-bytes"), problems.get(0));
    }

    @Test
    void shouldTellAFileThatIsNotThere() {
        assertEquals(1, check(folder.resolve("none.conf"), ExitCode.USAGE).size());
    }
}
