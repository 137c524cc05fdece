package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import io.lockstep.node.process.NodeProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node as scripts see it: real processes, their lines, their exit codes. */
class ServeProcessTest {
    private static final String DATABASE = "notes";
    private static final long TIMEOUT_S = 30;
    /** Of a mask of signals: the first bit is signal 1. */
    private static final long SIGINT_BIT = 1 << 1;

    @TempDir
    private Path folder;

    /** What a command left behind. */
    private record Ended(int code, String out, String err) {}

    private NodeProcess serve(final String... more) throws IOException {
        final List<String> arguments = new ArrayList<>(
                List.of("--data", folder.resolve("data").toString(), "--tcp", "127.0.0.1:0", "--auth", "none"));
        arguments.addAll(List.of(more));
        return NodeProcess.start(arguments, folder.resolve("node.log"));
    }

    private Ended lockstep(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(TestNode.launcher().toString()));
        command.addAll(List.of(arguments));
        return run(new ProcessBuilder(command));
    }

    private Ended run(final ProcessBuilder builder) throws Exception {
        TestNode.environment(builder);
        return ended(builder);
    }

    private Ended ended(final ProcessBuilder builder) throws Exception {
        final Path out = folder.resolve("out");
        final Path err = folder.resolve("err");
        final Process process = builder.directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        process.waitFor();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static BlockingClient connect(final NodeProcess node) {
        final BlockingClient client = BlockingClient.connect(new ClientContext().addresses(node.address()));
        client.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
        return client;
    }

    private static ChangeSet set(final int number) {
        return ChangeSet.builder(new Site(1, 1), 1_700_000_000_000L + number, 0)
                .write("main", "t", Key.ofInteger(number), "c", Value.ofInteger(number))
                .build();
    }

    @Test
    void shouldKeepEveryAcknowledgedSetThroughAKill() throws Exception {
        int acknowledged = 0;
        try (NodeProcess node = serve()) {
            try (BlockingClient client = connect(node)) {
                for (; acknowledged < 50; acknowledged++) {
                    final SubmitOutcome outcome = client.submitAndWait(set(acknowledged));
                    assertEquals(acknowledged + 1, outcome.sequence());
                }
                node.kill();
            }
        }
        try (NodeProcess node = serve()) {
            try (BlockingClient client = connect(node)) {
                final Replica state = client.readState();
                assertEquals(acknowledged, state.cellCount());
                assertEquals(acknowledged, state.cursor().sequence());
            }
            assertEquals(0, node.stop(), "SIGTERM ends a node in order");
        }
    }

    @Test
    void shouldRefuseADataFolderThatANodeRunsOn() throws Exception {
        try (NodeProcess node = serve()) {
            final Ended second = lockstep(
                    "serve", "--data", folder.resolve("data").toString(), "--tcp", "127.0.0.1:0", "--auth", "none");
            assertEquals(12, second.code(), second.err());
            assertEquals("", second.out());
            final Ended taken = lockstep(
                    "serve", "--data", folder.resolve("other").toString(), "--tcp", node.address(), "--auth", "none");
            assertEquals(17, taken.code(), taken.err());
            assertTrue(taken.err().contains("address already in use; choose another --tcp"), taken.err());
            assertFalse(Files.exists(folder.resolve("other/journal")), "told before the journal is touched");
        }
    }

    @Test
    void shouldEndWhenAnErrorMeetsItsStart() throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(
                TestNode.launcher().toString(),
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--tcp",
                "127.0.0.1:0",
                "--auth",
                "none");
        TestNode.environment(builder);
        builder.environment()
                .compute("LOCKSTEP_CLASS_PATH", (name, path) -> Arrays.stream(path.split(File.pathSeparator))
                        .filter(each -> !each.contains("netty-buffer"))
                        .collect(Collectors.joining(File.pathSeparator)));
        final Ended serve = ended(builder);
        assertEquals(18, serve.code(), serve.err());
        assertEquals("", serve.out());
        assertTrue(
                serve.err().contains("lockstep: stopped: STAGE_FAILED (exit code 18): io/netty/buffer/"), serve.err());
    }

    @Test
    void shouldTellHowItIsToCommandLineAndPrometheus() throws Exception {
        try (NodeProcess node = serve("--metrics", "127.0.0.1:0", "--durability", "journaled")) {
            try (BlockingClient client = connect(node)) {
                client.submitAndWait(set(1));
                final Ended status = lockstep("status", "--from", node.address(), "--json");
                assertEquals(0, status.code(), status.err());
                assertTrue(status.out().contains("\"role\":\"single\""), status.out());
                assertTrue(status.out().contains("\"sets_with_effect_total\":1"), status.out());
                assertTrue(status.out().contains("\"databases\":1"), status.out());
            }
            final String metrics = node.readyLine().replaceFirst(".* metrics=(\\S+) .*", "$1");
            final HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://" + metrics + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertTrue(page.body().contains("\nlockstep_sets_with_effect_total 1\n"), page.body());
            assertTrue(page.body().contains("durability=\"journaled\""), page.body());
        }
    }

    @Test
    void shouldLetNobodyInWithoutAGoodToken() throws Exception {
        final Path tokens = folder.resolve("tokens");
        final Ended made = lockstep(
                "token", "--principal", "operator", "--permissions", "read,write,create,admin", "--add", "" + tokens);
        assertEquals(0, made.code(), made.err());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens)));
        final String token = made.out().strip();
        assertTrue(!Files.readString(tokens).contains(token), "the file holds a hash only");
        final List<String> arguments = List.of(
                "--data", folder.resolve("data").toString(), "--tcp", "127.0.0.1:0", "--tokens", tokens.toString());
        try (NodeProcess node = NodeProcess.start(arguments, folder.resolve("node.log"))) {
            final Ended wrong = lockstep("status", "--from", node.address(), "--token", "guess");
            assertEquals(5, wrong.code(), wrong.err());
            assertTrue(wrong.err().contains("--token"), wrong.err());
            assertEquals(
                    0,
                    lockstep("status", "--from", node.address(), "--token", token)
                            .code());
        }
        assertTrue(!Files.readString(folder.resolve("node.log")).contains(token), "no token in the log");
    }

    @Test
    void shouldEndALoadOfADatabaseThatTheTokenDoesNotCover() throws Exception {
        final Path tokens = folder.resolve("scoped");
        final Ended made = lockstep("token", "--principal", "bo", "--databases", "notes", "--add", "" + tokens);
        final Path file = Files.writeString(
                folder.resolve("one.jsonl"),
                "{\"site\":\"000000000000000000000000000000aa\",\"wall\":1,\"counter\":0,\"changes\":[]}\n");
        try (NodeProcess node = NodeProcess.start(
                List.of(
                        "--data",
                        folder.resolve("scoped-data").toString(),
                        "--tcp",
                        "127.0.0.1:0",
                        "--tokens",
                        "" + tokens),
                folder.resolve("scoped.log"))) {
            final Ended load = lockstep(
                    "load",
                    "" + file,
                    "--to",
                    node.address(),
                    "--database",
                    "typo",
                    "--token",
                    made.out().strip());
            assertEquals(5, load.code(), load.err());
        }
    }

    @Test
    void shouldSayWhatWasLoadedWhenItIsInterrupted() throws Exception {
        assumeTrue(
                takesInterrupts(), "SIGINT is ignored here, as in a shell's background: nothing could be interrupted");
        final StringBuilder sets = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            sets.append("{\"site\":\"000000000000000000000000000000aa\",\"wall\":")
                    .append(i + 1)
                    .append(",\"counter\":0,\"changes\":[]}\n");
        }
        final Path file = Files.writeString(folder.resolve("many.jsonl"), sets);
        final Path acks = folder.resolve("acks");
        try (NodeProcess node = serve()) {
            final ProcessBuilder builder = new ProcessBuilder(
                    TestNode.launcher().toString(),
                    "load",
                    "" + file,
                    "--to",
                    node.address(),
                    "--database",
                    DATABASE,
                    "--rate",
                    "10",
                    "--acks",
                    "" + acks);
            TestNode.environment(builder);
            final Process load = builder.redirectOutput(
                            folder.resolve("load.out").toFile())
                    .redirectError(folder.resolve("load.err").toFile())
                    .start();
            for (int i = 0; i < 3_000 && (!Files.exists(acks) || Files.size(acks) == 0); i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            new ProcessBuilder("kill", "-INT", "" + load.pid()).start().waitFor();
            assertTrue(load.waitFor(TIMEOUT_S, TimeUnit.SECONDS));
            assertEquals(130, load.exitValue());
            final String out = Files.readString(folder.resolve("load.out"));
            assertTrue(out.startsWith("{\"sets\":") && out.contains("\"noEffect\":"), out);
            final String err = Files.readString(folder.resolve("load.err"));
            assertTrue(err.contains("lockstep: interrupted: sets="), err);
        }
    }

    /** Processes inherit from their parents which signals they do not see. */
    private static boolean takesInterrupts() throws IOException {
        final Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return true;
        }
        final String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow()
                .substring("SigIgn:".length())
                .strip();
        return (Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) == 0;
    }

    @Test
    void shouldSayWhatIsWrongWithTheCommandLine() throws Exception {
        final Ended flag = lockstep("serve", "--dta", "x");
        assertEquals(2, flag.code(), flag.err());
        assertTrue(flag.err().contains("--dta") && flag.err().contains("did you mean --data?"), flag.err());
        final Ended exposed = lockstep("serve", "--data", "x", "--tcp", "0.0.0.0:0", "--auth", "none");
        assertEquals(16, exposed.code(), exposed.err());
        final Path file = Files.writeString(folder.resolve("a-file"), "");
        final Ended data = lockstep("serve", "--data", file.toString(), "--auth", "none");
        assertEquals(16, data.code(), data.err());
        assertTrue(data.err().contains("is a file, not a folder"), data.err());
    }

    @Test
    void shouldStartFromAnotherFolderThroughASymbolicLink() throws Exception {
        final Path link = Files.createSymbolicLink(folder.resolve("link"), TestNode.launcher());
        final Ended version = run(new ProcessBuilder(link.toString(), "--version"));
        assertEquals(0, version.code(), version.err());
        assertTrue(version.out().startsWith("lockstep "), version.out());
    }

    @Test
    void shouldSayThatJavaHomeIsWrong() throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(
                "env", "JAVA_HOME=" + folder, TestNode.launcher().toString(), "--version");
        final Ended ended = run(builder);
        assertEquals(30, ended.code(), ended.err());
        assertTrue(ended.err().contains("holds no bin/java"), ended.err());
    }
}
