package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL while the journal gives up what snapshots hold: the state comes out right, whatever is left of the history. */
@Tag("long")
class RetentionKillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.retentionKills", 30);
    private static final int ROWS = 1_000;
    private static final long WALL = 1_600_000_000_000L;
    private static final Site AUTHOR = new Site(0, 9);
    private static final String DATABASE = "d";
    private static final String PADDING = " ".repeat(300);

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheStateWhileHistoryGoes() throws Exception {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("retention kill seed=%d kills=%d", seed, KILLS);
        final Random random = new Random(seed);
        final Path data = folder.resolve("data");
        final AtomicBoolean stop = new AtomicBoolean();
        int gone = 0;
        try (NodeProcess node = new NodeProcess(
                        folder,
                        data,
                        "--durability",
                        "synced",
                        "--snapshot-journal-bytes",
                        "1MiB",
                        "--journal-file-bytes",
                        "16MiB",
                        "--retention-ms",
                        "0",
                        "--retention-records",
                        "0")
                .start()) {
            final CompletableFuture<Long> writing = CompletableFuture.supplyAsync(() -> write(node.address(), stop));
            for (int i = 0; i < KILLS; i++) {
                // Each start begins a file, so that there is always one to be given up.
                final String marked = mark(data);
                for (int wait = 0; wait < 2_000 && marked.equals(mark(data)) && !writing.isDone(); wait++) {
                    NodeProcess.pauseMs(10);
                }
                gone += marked.equals(mark(data)) ? 0 : 1;
                NodeProcess.pauseMs(random.nextInt(20));
                assertFalse(writing.isDone(), () -> "writing ended: " + writing);
                node.kill();
                node.start();
            }
            stop.set(true);
            final long written = writing.get(120, TimeUnit.SECONDS);
            assertState(node, written);
            node.kill();
            node.start();
            assertState(node, written);
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
            Scenario.report(
                    "retention kill written=%d killedRightAfterHistoryWent=%d of %d, journal MiB=%d",
                    written, gone, KILLS, bytes(data.resolve("journal")) >> 20);
            assertTrue(gone * 2 > KILLS, "too few kills after history went: " + gone);
        }
    }

    /** Tells how many sets were accepted: each once, in the end, whatever happened to the node meanwhile. */
    private static long write(final String address, final AtomicBoolean stop) {
        final ClientContext context = new ClientContext()
                .addresses(address)
                .sites(AUTHOR)
                .inFlightMax(64)
                .backoffMs(20, 200)
                .callTimeoutMs(60_000);
        long written = 0;
        try (BlockingClient author = BlockingClient.connect(context)) {
            author.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
            CompletableFuture<SubmitOutcome> last = null;
            while (!stop.get()) {
                last = author.submit(changeSet(written));
                written++;
            }
            for (long i = Math.max(0, written - ROWS); i < written; i++) {
                // Again: a set that the node has is taken once.
                author.submitAndWait(changeSet(i));
            }
            assertTrue(last != null);
        }
        return written;
    }

    private static ChangeSet changeSet(final long number) {
        return ChangeSet.builder(AUTHOR, WALL + number, 0)
                .write("main", "t", Key.ofInteger(number % ROWS), "c", Value.ofText(number + PADDING))
                .build();
    }

    private static void assertState(final NodeProcess node, final long written) {
        try (BlockingClient reader = BlockingClient.connect(new ClientContext().addresses(node.address()))) {
            reader.openDatabase(DatabaseOptions.existing(DATABASE));
            final Set<String> expected = new HashSet<>();
            for (long i = Math.max(0, written - ROWS); i < written; i++) {
                expected.add(Value.ofText(i + PADDING).toString());
            }
            assertEquals(
                    expected,
                    reader.readState().cells().stream()
                            .map(cell -> cell.value().toString())
                            .collect(Collectors.toSet()));
        }
    }

    /** Where the journal begins, as bytes; empty while it has its beginning. */
    private static String mark(final Path data) throws IOException {
        try {
            return java.util.HexFormat.of()
                    .formatHex(Files.readAllBytes(data.resolve("journal").resolve("retained")));
        } catch (final NoSuchFileException e) {
            return "";
        }
    }

    /** What a folder takes of the disk: files are allocated ahead, and may come and go meanwhile. */
    static long bytes(final Path folder) throws IOException {
        final Process du = new ProcessBuilder("du", "-s", "-B1", folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        final String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }
}
