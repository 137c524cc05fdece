package io.lockstep.node.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Cell;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.NamedOutput;
import io.lockstep.node.json.StateJson;
import io.lockstep.node.process.NodeProcess;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** load, dump, watch and verify against a node in a process of its own; each test has a database of its own. */
class NodeCommandsTest {
    private static final String SITE_A = "0000000000000000000000000000000a";
    private static final String SITE_B = "0000000000000000000000000000000b";

    @TempDir
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNode() throws IOException {
        node = NodeProcess.start(
                List.of("--data", data().toString(), "--tcp", "127.0.0.1:0", "--auth", "none"),
                folder.resolve("node.log"));
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @Test
    void shouldCountWhatBecameOfEverySet() throws IOException {
        final Path file = write(
                "count",
                set(SITE_A, 2_000, write(0, "1", "new"), write(1, "2", "x")),
                set(SITE_B, 1_000, write(0, "1", "old")),
                set(SITE_B, 3_000, "{\"op\":\"delete\",\"opSeq\":0," + row("2") + "}"));
        final CommandRun run = load(file, "count");
        assertEquals(ExitCode.OK.code(), run.code(), run.err());
        assertTrue(
                run.out()
                        .startsWith(
                                "{\"sets\":3,\"changes\":4,\"accepted\":2,\"noEffect\":1,\"rejected\":0,\"applied\":3,"
                                        + "\"superseded\":1,\"blocked\":0,\"duplicate\":0,\"tooLate\":0,"),
                run.out());
    }

    @Test
    void shouldTakeASetThatIsSentAgainAsDuplicate() throws IOException {
        final Path file = write("again", set(SITE_A, 1_000, write(0, "1", "x")));
        load(file, "again");
        final CommandRun second = load(file, "again");
        assertEquals(ExitCode.OK.code(), second.code());
        assertTrue(second.out().contains("\"noEffect\":1,") && second.out().contains("\"duplicate\":1,"), second.out());
    }

    @Test
    void shouldExitWithThreeWhenSetsWereRefused() throws IOException {
        final Path file = write(
                "refused",
                set(SITE_A, 1_000, write(0, "1", "x")),
                set(SITE_A, 2_000, write(7, "1", "x"), write(7, "2", "x")),
                set(SITE_A, 1L << 47, write(0, "1", "far ahead")));
        final Path acks = folder.resolve("refused.acks");
        final CommandRun run = load(file, "refused", "--acks", acks.toString());
        assertEquals(ExitCode.REFUSED.code(), run.code(), run.err());
        assertEquals(
                List.of(
                        ack(1_000, "accepted", "1"),
                        ack(2_000, "invalid", "null"),
                        ack(1L << 47, "rejected-drift", "null")),
                Files.readAllLines(acks));
    }

    @Test
    void shouldCountWhatNoFrameCanCarryAsRejected() throws IOException {
        final Path file = write(
                "unsendable",
                set(SITE_A, 1_000, write(0, "1", "x")),
                "{\"site\":\"" + SITE_A + "\",\"wall\":2000,\"counter\":70000,\"changes\":[]}");
        final CommandRun run = load(file, "unsendable");
        assertEquals(ExitCode.REFUSED.code(), run.code());
        assertTrue(run.out().contains("\"sets\":2,") && run.out().contains("\"rejected\":1,"), run.out());
        assertTrue(run.err().contains("line=2, field=counter: value=70000 is outside 0 to 65535"), run.err());
    }

    @Test
    void shouldSendWhatStandsBeforeABadLineAndNameTheLine() throws IOException {
        final Path file = write("bad", set(SITE_A, 1_000, write(0, "1", "x")), "{\"site\":5}");
        final CommandRun run = load(file, "bad");
        assertEquals(ExitCode.USAGE.code(), run.code());
        assertTrue(run.out().contains("\"accepted\":1,"), run.out());
        assertTrue(run.err().contains("line=2, field=site: found 5, right would be 32 hexadecimal digits"), run.err());
    }

    @Test
    void shouldEndInTheSameStateWhateverTheOrderAndTheConnections() throws IOException {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            final String site = String.format("%032x", 1 + i % 7);
            final String change = i % 11 == 0
                    ? "{\"op\":\"delete\",\"opSeq\":0," + row(String.valueOf(i % 13)) + "}"
                    : write(0, String.valueOf(i % 13), "v" + i);
            lines.append(set(site, 1_000 + i, change)).append('\n');
        }
        final Path file = Files.writeString(folder.resolve("order.jsonl"), lines);
        load(file, "order-0");
        load(file, "order-1", "--shuffle", "1", "--connections", "5", "--in-flight", "40");
        final Set<Cell> inFileOrder = dump("order-0");
        assertEquals(inFileOrder, dump("order-1"));
        assertTrue(inFileOrder.size() > 5, "cells=" + inFileOrder.size());
    }

    @Test
    void shouldTellSequenceAndDigestOfTheDump() throws IOException {
        load(write("digest", set(SITE_A, 1_000, write(0, "1", "x"))), "digest");
        final CommandRun run = CommandRun.of(DumpCommand::new, "--from", node.address(), "--database", "digest");
        assertTrue(run.err().matches("\\{\"sequence\": 1, \"digest\": \"[0-9a-f]{32}\"}\\R"), run.err());
    }

    @Test
    void shouldWatchEverySequenceOnceInOrder() throws IOException {
        final Path file = write(
                "watch",
                set(SITE_A, 1_000, write(0, "1", "x"), write(1, "2", "y")),
                set(
                        SITE_B,
                        5_000,
                        "{\"op\":\"write\",\"opSeq\":0," + row("1")
                                + ",\"column\":\"later\",\"value\":{\"real\":\"0.5\"}}"),
                set(SITE_A, 2_000, "{\"op\":\"delete\",\"opSeq\":0," + row("1") + "}"));
        load(file, "watch");
        final CommandRun run =
                CommandRun.of(WatchCommand::new, "--from", node.address(), "--database", "watch", "--count", "3");
        assertEquals(ExitCode.OK.code(), run.code(), run.err());
        assertEquals(
                "{\"sequence\":3,\"site\":\"" + SITE_A
                        + "\",\"wall\":2000,\"counter\":0,\"own\":false,\"changes\":[{\"op\":\"delete\",\"opSeq\":0,"
                        + row("1") + ",\"survivors\":[\"later\"]}],\"migrations\":[]}",
                run.lines().get(2));
        final CommandRun later = CommandRun.of(
                WatchCommand::new, "--from", node.address(), "--database", "watch", "--since", "2", "--count", "1");
        assertEquals(run.lines().subList(2, 3), later.lines());
    }

    @Test
    void shouldMakeTheSameStateOfWhatItWatched() throws IOException {
        load(
                write(
                        "replayed",
                        set(SITE_A, 1_000, write(0, "1", "x"), write(1, "2", "y"), write(2, "3", "z")),
                        set(SITE_B, 5_000, write(0, "1", "later")),
                        set(SITE_A, 2_000, "{\"op\":\"delete\",\"opSeq\":0," + row("1") + "}", write(1, "2", "w")),
                        set(SITE_A, 2_500, "{\"op\":\"delete\",\"opSeq\":0," + row("3") + "}")),
                "replayed");
        final CommandRun watched =
                CommandRun.of(WatchCommand::new, "--from", node.address(), "--database", "replayed", "--count", "4");
        final Path history = Files.writeString(folder.resolve("history.jsonl"), watched.out());
        final CommandRun again = load(history, "replayed-again");
        assertEquals(ExitCode.OK.code(), again.code(), again.err());
        assertEquals(dump("replayed"), dump("replayed-again"));
    }

    @Test
    void shouldSayThatADumpHoldsNoChangeSets() throws IOException {
        load(write("state", set(SITE_A, 1_000, write(0, "1", "x"))), "state");
        final CommandRun dump = CommandRun.of(DumpCommand::new, "--from", node.address(), "--database", "state");
        final CommandRun run = load(Files.writeString(folder.resolve("state.dump"), dump.out()), "state-again");
        assertEquals(ExitCode.USAGE.code(), run.code());
        assertTrue(run.err().contains("line=1: a cell of a state, as dump and snapshot write it"), run.err());
    }

    @Test
    void shouldWatchOnlyWhatMatches() throws IOException {
        final Path file = write(
                "filter",
                set(SITE_A, 1_000, write(0, "1", "x"), write(1, "2", "y")),
                set(SITE_A, 2_000, write(0, "3", "z")),
                set(SITE_A, 3_000, write(0, "2", "w")));
        load(file, "filter");
        final CommandRun run = CommandRun.of(
                WatchCommand::new,
                "--from",
                node.address(),
                "--database",
                "filter",
                "--table",
                "no-such-table",
                "--table",
                "*",
                "--key-prefix",
                "[{\"integer\":\"2\"}]",
                "--count",
                "2");
        assertEquals(ExitCode.OK.code(), run.code(), run.err());
        assertTrue(run.lines().get(0).contains("\"sequence\":1,"), run.lines().get(0));
        assertTrue(!run.lines().get(0).contains(row("1")), run.lines().get(0));
        assertTrue(run.lines().get(1).contains("\"sequence\":3,"), run.lines().get(1));
        final CommandRun bad = CommandRun.of(
                WatchCommand::new, "--from", node.address(), "--database", "filter", "--key-prefix", "[2]");
        assertEquals(ExitCode.USAGE.code(), bad.code());
        assertTrue(bad.err().contains("--key-prefix"), bad.err());
    }

    @Test
    void shouldRefuseACursorAheadOfTheNode() throws IOException {
        load(write("ahead", set(SITE_A, 1_000, write(0, "1", "x"))), "ahead");
        final CommandRun run =
                CommandRun.of(WatchCommand::new, "--from", node.address(), "--database", "ahead", "--since", "7");
        assertEquals(ExitCode.NODE_REFUSED.code(), run.code());
        assertTrue(run.err().contains("AHEAD_OF_NODE"), run.err());
    }

    @Test
    void shouldKeepWhatADatabaseIsUnlessToldOtherwise() throws IOException {
        final Path file = write("policy", set(SITE_A, 1_000, write(0, "1", "x")));
        load(file, "policy", "--row-policy", "delete-wins", "--key-form", "quereus");
        assertEquals(ExitCode.OK.code(), load(file, "policy").code());
        final CommandRun other = load(file, "policy", "--row-policy", "last-writer-wins");
        assertEquals(ExitCode.NODE_REFUSED.code(), other.code());
        assertTrue(other.err().contains("DATABASE_DIFFERS"), other.err());
        assertTrue(
                other.err().contains("has row policy delete-wins, key form quereus; asked for row policy last-writer"),
                other.err());
    }

    @Test
    void shouldTellThatItMadeADatabase() throws IOException {
        final Path file = write("made", set(SITE_A, 1_000, write(0, "1", "x")));
        final CommandRun first = load(file, "made", "--connections", "3");
        assertEquals("lockstep: created database made", first.err().strip());
        assertEquals("", load(file, "made").err());
    }

    @Test
    void shouldRefuseARateThatIsNone() throws IOException {
        final Path file = write("rate", set(SITE_A, 1_000, write(0, "1", "x")));
        for (final String rate : List.of("0", "-1", "100000001")) {
            final CommandRun run = load(file, "rate", "--rate", rate);
            assertEquals(ExitCode.USAGE.code(), run.code());
            assertTrue(run.err().contains("--rate=" + rate + " is not a number from 1 to 100000000"), run.err());
        }
    }

    @Test
    void shouldForgetWhatWasDeletedAndNothingElse() throws IOException {
        load(
                write(
                        "prune",
                        set(SITE_A, 1_000, write(0, "1", "x"), write(1, "2", "y")),
                        set(SITE_A, 2_000, "{\"op\":\"delete\",\"opSeq\":0," + row("1") + "}")),
                "prune");
        final CommandRun young = prune("400d");
        assertEquals(ExitCode.OK.code(), young.code(), young.err());
        assertEquals(
                "{\"pruned\": 0, \"horizonMs\": 34560000000}", young.lines().get(0));
        // A tombstone of the very millisecond of the prune stays; the node's clock moves on while it is asked again.
        CommandRun all = prune("0");
        while (all.lines().get(0).startsWith("{\"pruned\": 0")) {
            all = prune("0");
        }
        assertEquals("{\"pruned\": 1, \"horizonMs\": 0}", all.lines().get(0));
        assertEquals(1, dump("prune").size());
        assertWrong(prune("soon"), "--horizon");
    }

    @Test
    void shouldListItsDatabases() throws IOException {
        load(write("listed", set(SITE_A, 1_000, write(0, "1", "x"), write(1, "2", "y"))), "listed");
        final CommandRun json = CommandRun.of(DatabasesCommand::new, "--from", node.address(), "--json");
        assertEquals(ExitCode.OK.code(), json.code(), json.err());
        final String line = json.lines().stream()
                .filter(each -> each.contains("\"listed\""))
                .findFirst()
                .orElseThrow();
        assertTrue(line.contains("\"sequence\":1,\"cells\":2,"), line);
        final CommandRun table = CommandRun.of(DatabasesCommand::new, "--from", node.address());
        assertEquals(json.lines().size() + 1, table.lines().size());
    }

    private static CommandRun prune(final String horizon) {
        return CommandRun.of(
                PruneCommand::new, "--from", node.address(), "--database", "prune", "--horizon", horizon, "--json");
    }

    @Test
    void shouldNotMakeADatabaseByReadingIt() {
        final CommandRun run = CommandRun.of(DumpCommand::new, "--from", node.address(), "--database", "nothing");
        assertEquals(ExitCode.NODE_REFUSED.code(), run.code());
        assertTrue(run.err().contains("UNKNOWN_DATABASE"), run.err());
    }

    @Test
    void shouldSayThatNoNodeAnswers() throws IOException {
        final Path file = write("nobody", set(SITE_A, 1_000, write(0, "1", "x")));
        final CommandRun run = CommandRun.of(
                LoadCommand::new,
                file.toString(),
                "--to",
                "127.0.0.1:1",
                "--database",
                "nobody",
                "--retry-seconds",
                "0");
        assertEquals(ExitCode.UNREACHABLE.code(), run.code());
        assertTrue(run.err().contains("no node answered at 127.0.0.1:1"), run.err());
    }

    @Test
    void shouldSayWhatIsWrongWithAnOption() throws IOException {
        final Path file = write("options", set(SITE_A, 1_000, write(0, "1", "x")));
        assertWrong(load(file, "options", "--connections", "0"), "--connections=0 is outside 1 to 1024");
        assertWrong(
                load(file, "options", "--row-policy", "x"),
                "--row-policy=x is not one of last-writer-wins, delete-wins");
        assertWrong(load(file, "not a name"), "--database: ");
        assertWrong(load(folder.resolve("none"), "options"), "there is no file");
    }

    @Test
    void shouldNotSayThatTheNodeIsGoneWhenItsReaderHasGone() throws IOException {
        load(write("reader", set(SITE_A, 1_000, write(0, "1", "x"))), "reader");
        final CommandRun run = CommandRun.of(
                (out, err) -> new WatchCommand(full(), err), "--from", node.address(), "--database", "reader");
        assertEquals(ExitCode.OUTPUT_FAILED.code(), run.code(), run.err());
        assertEquals(
                "cannot write standard output: No space left on device",
                run.err().strip());
    }

    @Test
    void shouldNameTheAcksFileThatCannotBeWritten() throws IOException {
        final CommandRun run =
                load(write("full", set(SITE_A, 1_000, write(0, "1", "x"))), "full", "--acks", "/dev/full");
        assertEquals(ExitCode.OUTPUT_FAILED.code(), run.code(), run.err());
        assertTrue(run.err().strip().endsWith("cannot write --acks=/dev/full: No space left on device"), run.err());
    }

    @Test
    void shouldNameTheDatabaseThatCannotBeWatched() {
        final CommandRun run = CommandRun.of(WatchCommand::new, "--from", node.address(), "--database", "nothing");
        assertTrue(run.err().startsWith("watching database=nothing at "), run.err());
    }

    @Test
    void shouldRefuseToVerifyWhileTheNodeRuns() {
        final CommandRun run = CommandRun.of((out, err) -> new VerifyCommand(), "--data", data().toString());
        assertEquals(ExitCode.LOCKED.code(), run.code(), run.err());
    }

    private static NamedOutput full() {
        try {
            return new NamedOutput(new FileOutputStream("/dev/full"), "standard output");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertWrong(final CommandRun run, final String expected) {
        assertEquals(ExitCode.USAGE.code(), run.code(), run.err());
        assertTrue(run.err().contains(expected), run.err());
    }

    private static Path data() {
        return folder.resolve("data");
    }

    private static CommandRun load(final Path file, final String database, final String... more) {
        final String[] arguments = new String[5 + more.length];
        arguments[0] = file.toString();
        arguments[1] = "--to";
        arguments[2] = node.address();
        arguments[3] = "--database";
        arguments[4] = database;
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CommandRun.of(LoadCommand::new, arguments);
    }

    private static Set<Cell> dump(final String database) {
        final CommandRun run = CommandRun.of(DumpCommand::new, "--from", node.address(), "--database", database);
        assertEquals(ExitCode.OK.code(), run.code(), run.err());
        return new HashSet<>(run.lines().stream()
                .map(line -> StateJson.readCell(line.getBytes(StandardCharsets.UTF_8), "dump"))
                .collect(Collectors.toList()));
    }

    private static Path write(final String name, final String... lines) throws IOException {
        return Files.write(folder.resolve(name + ".jsonl"), List.of(lines));
    }

    private static String set(final String site, final long wall, final String... changes) {
        return "{\"site\":\"" + site + "\",\"wall\":" + wall + ",\"counter\":0,\"changes\":["
                + String.join(",", changes) + "]}";
    }

    private static String write(final int opSeq, final String key, final String value) {
        return "{\"op\":\"write\",\"opSeq\":" + opSeq + "," + row(key) + ",\"column\":\"c\",\"value\":{\"text\":\""
                + value + "\"}}";
    }

    private static String row(final String key) {
        return "\"schema\":\"main\",\"table\":\"t\",\"pk\":[{\"integer\":\"" + key + "\"}]";
    }

    private static String ack(final long wall, final String status, final String sequence) {
        return "{\"site\":\"" + SITE_A + "\",\"wall\":" + wall + ",\"counter\":0,\"status\":\"" + status
                + "\",\"sequence\":" + sequence + "}";
    }
}
