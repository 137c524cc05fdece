package io.lockstep.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... args) {
        final CommandLine commandLine = LockstepCommand.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }

    @Test
    void shouldAskForACommand() {
        assertEquals(2, run());
        assertTrue(err.toString().contains("serve"), err.toString());
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        assertEquals(2, run("serv"));
        assertTrue(err.toString().contains("serve"), err.toString());
    }

    @Test
    void shouldSuggestTheFlagThatWasMeant() {
        assertEquals(2, run("serve", "--durabilty=synced"));
        assertEquals(
                List.of(
                        "lockstep: Unknown option: '--durabilty=synced'",
                        "did you mean --durability?",
                        "see './lockstep serve --help'"),
                err.toString().lines().toList());
    }

    @Test
    void shouldSayThatAFolderHoldsNoJournal(@TempDir final Path empty) {
        assertEquals(2, run("verify", "--data", empty.toString()));
        assertTrue(err.toString().contains("holds no journal"), err.toString());
    }

    @Test
    void shouldDescribeEachCommandByOneShortSentence() {
        LockstepCommand.commandLine().getSubcommands().forEach((name, command) -> {
            final String first = command.getCommandSpec().usageMessage().description()[0];
            assertTrue(first.endsWith(".") && first.length() <= 60, name + ": " + first);
        });
    }

    @Test
    void shouldSayThatTheFileOfTrustCannotBeRead() {
        for (final String[] command : new String[][] {
            {"status", "--from", "127.0.0.1:1"},
            {"dump", "--from", "127.0.0.1:1", "--database", "a"},
            {"watch", "--from", "127.0.0.1:1", "--database", "a"},
        }) {
            final String[] whole = Arrays.copyOf(command, command.length + 2);
            whole[command.length] = "--tls-trust";
            whole[command.length + 1] = "/nope.pem";
            err.getBuffer().setLength(0);
            assertEquals(2, run(whole), command[0]);
            assertEquals(
                    "lockstep: --tls-trust: cannot read /nope.pem",
                    err.toString().strip(),
                    command[0]);
        }
    }

    @Test
    void shouldSayThatAServeNeedsADataFolder() {
        assertEquals(2, run("serve", "--auth", "none"));
        assertTrue(err.toString().contains("--data DIR"), err.toString());
    }

    @Test
    void shouldPrintEverySettingAsJson() {
        assertEquals(0, run("config", "--json", "--tcp=127.0.0.1:1"));
        assertTrue(out.toString().contains("\"origin\" : \"flag --tcp\""), out.toString());
    }

    @Test
    void shouldPrintTheOriginOfASetting() {
        assertEquals(0, run("config", "--ring-slots", "64"));
        assertTrue(out.toString().contains("ring-slots = 64    # flag --ring-slots"), out.toString());
    }

    @Test
    void shouldPrintACompletionScript() {
        assertEquals(0, run("completion"));
        assertTrue(out.toString().contains("--durability"), out.toString());
    }

    @Test
    void shouldListTheExitCodesInItsHelp() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("Exit codes:") && out.toString().contains("NO_SNAPSHOT"), out.toString());
    }

    @Test
    void shouldPrintItsVersion() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("lockstep "), out.toString());
    }

    @Test
    void shouldSayThatNoNodeAnswers() {
        assertEquals(4, run("status", "--from", "127.0.0.1:1"));
        assertTrue(err.toString().contains("no node answers at 127.0.0.1:1"), err.toString());
    }

    @Test
    void shouldSayWhatAnAddressLooksLike() {
        assertEquals(2, run("status", "--from", "localhost"));
        assertTrue(err.toString().contains("HOST:PORT"), err.toString());
    }

    @Test
    void shouldNameThePermissionThatIsNone() {
        assertEquals(2, run("token", "--principal", "alice", "--permissions", "fly"));
        assertTrue(err.toString().contains("permissions are read, write, create, admin"), err.toString());
    }

    @Test
    void shouldNameTheFlagOfATokenThatIsWrong() {
        for (final String[] wrong : new String[][] {
            {"--databases", "a b"}, {"--permissions", ""}, {"--expires", "10"}, {"--expires", "0s"}, {"--expires", ""},
        }) {
            err.getBuffer().setLength(0);
            assertEquals(2, run("token", "--principal=a", wrong[0], wrong[1]), String.join(" ", wrong));
            assertTrue(err.toString().startsWith("lockstep: " + wrong[0]), err.toString());
        }
    }

    @Test
    void shouldSayWhyTheTokensFileCannotBeWritten() {
        assertEquals(2, run("token", "--principal", "a", "--add", "/nope/tokens"));
        assertEquals(
                "lockstep: cannot write the tokens file /nope/tokens: there is no such folder",
                err.toString().strip());
    }

    @Test
    void shouldShowDerivedSizesAndEveryReasonNotToStart() {
        assertEquals(0, run("config", "--journal-file-bytes", "16MiB", "--ring-slots", "65"));
        assertTrue(out.toString().contains("frame-bytes-max = 512KiB    # derived"), out.toString());
        assertEquals(2, err.toString().lines().count(), err.toString());
    }

    @Test
    void shouldSuggestTheFlagThatWasMeantWhereOneIsMissing() {
        assertEquals(2, run("load", "x.jsonl", "--to", "127.0.0.1:1", "--databse", "notes"));
        assertTrue(err.toString().contains("did you mean --database?"), err.toString());
    }
}
