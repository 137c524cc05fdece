package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Change sets larger than a frame, through a real node: up in parts, decided whole, down in parts, there after a restart. */
@Timeout(120)
class LargeSetsTest {
    private static final long SEED = 20_261_123L;
    private static final long WALL = 1_700_000_000_000L;
    private static final String DATABASE = "d";

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private long wall = WALL;
    private NodeProcess node;
    private BlockingClient author;

    @BeforeEach
    void start() throws IOException {
        startNode("node.log");
    }

    private void startNode(final String log) throws IOException {
        node = NodeProcess.start(
                List.of(
                        "--data",
                        folder.resolve("data").toString(),
                        "--tcp",
                        "127.0.0.1:0",
                        "--auth",
                        "none",
                        "--snapshot-journal-bytes",
                        "1MiB",
                        "--durability",
                        "synced"),
                folder.resolve(log));
        author = connect();
        author.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
    }

    private BlockingClient connect() {
        return BlockingClient.connect(new ClientContext().addresses(node.address()));
    }

    @AfterEach
    void stop() {
        author.close();
        node.close();
    }

    @Test
    void shouldDecideDeliverAndKeepAsOne() throws Exception {
        author.submitAndWait(small(0));
        final ChangeSet large = large(3_000, 2_000);
        assertTrue(large.encodedLength() > 5 << 20, "too small to mean anything: " + large.encodedLength());
        try (BlockingClient reader = open();
                BlockingClient picky = open()) {
            final Follower live = new Follower(3);
            final Follower filtered = new Follower(3);
            reader.subscribe(Cursor.start(DATABASE), live);
            picky.subscribe(Cursor.start(DATABASE), false, List.of(TableFilter.of("rare")), filtered);
            final SubmitOutcome outcome = author.submitAndWait(large);
            assertEquals(SubmitStatus.ACCEPTED, outcome.status());
            assertEquals(2, outcome.sequence());
            assertEquals(large.changes().size(), outcome.outcomes().size());
            author.submitAndWait(small(1));
            live.await();
            filtered.await();
            assertEquals(cells(author.readState()), cells(live.replica));
            assertEquals(
                    author.readState().cells().stream()
                            .filter(cell -> cell.table().equals("rare"))
                            .map(Cell::toString)
                            .collect(Collectors.toSet()),
                    cells(filtered.replica));
            assertEquals(SubmitStatus.NO_EFFECT, author.submitAndWait(large).status());
        }
        final Set<String> before = cells(author.readState());
        author.close();
        node.close();
        startNode("restarted.log");
        assertEquals(before, cells(author.readState()));
        try (BlockingClient late = open()) {
            final Follower caughtUp = new Follower(3);
            late.subscribe(Cursor.start(DATABASE), caughtUp);
            caughtUp.await();
            assertEquals(before, cells(caughtUp.replica));
        }
    }

    @Test
    void shouldKeepTheOrderInWhichTheyWereSubmitted() throws Exception {
        final List<CompletableFuture<SubmitOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            outcomes.add(author.submit(small(2 * i)));
            outcomes.add(author.submit(large(600, 2_000)));
            outcomes.add(author.submit(small(2 * i + 1)));
        }
        for (int i = 0; i < outcomes.size(); i++) {
            assertEquals(i + 1, outcomes.get(i).get(60, TimeUnit.SECONDS).sequence());
        }
    }

    @Test
    void shouldTakeValuesOfSixteenMebibytesAndNoLarger() throws Exception {
        final Value[] values = {blob(16 << 20), blob(16 << 20), blob(40_000)};
        final ChangeSet large = ChangeSet.builder(new Site(0, 1), wall++, 0)
                .write("main", "t", Key.ofInteger(1), "a", values[0])
                .write("main", "t", Key.ofInteger(1), "b", values[1])
                .write("main", "t", Key.ofInteger(2), "b", values[2])
                .write("main", "t", Key.ofInteger(3), "b", Value.ofInteger(3))
                .build();
        try (BlockingClient reader = open()) {
            final Follower live = new Follower(2);
            reader.subscribe(Cursor.start(DATABASE), live);
            assertEquals(SubmitStatus.ACCEPTED, author.submitAndWait(large).status());
            final ChangeSet again = ChangeSet.builder(new Site(0, 1), wall++, 0)
                    .write("main", "t", Key.ofInteger(1), "b", blob(16 << 20))
                    .delete("main", "t", Key.ofInteger(2))
                    .build();
            assertEquals(SubmitStatus.ACCEPTED, author.submitAndWait(again).status());
            live.await();
            assertEquals(3, live.replica.cellCount());
            assertEquals(Set.copyOf(author.readState().cells()), Set.copyOf(live.replica.cells()));
        }
        assertEquals(SubmitStatus.NO_EFFECT, author.submitAndWait(large).status());
        final ChangeSet tooLarge = ChangeSet.builder(new Site(0, 1), wall++, 0)
                .write("main", "t", Key.ofInteger(1), "a", blob((16 << 20) + 100))
                .build();
        final SubmitOutcome refused = author.submitAndWait(tooLarge);
        assertEquals(SubmitStatus.REFUSED, refused.status());
        assertEquals(ErrorCode.EFFECT_TOO_LARGE.value(), refused.reason());
        assertEquals(0, refused.limit().change());
        assertEquals(1L, author.status().get("refused_effect_too_large_total"));
        assertEquals(0L, author.status().get("uploads_bytes"));
        awaitSnapshot();
        final Set<Cell> before = Set.copyOf(author.readState().cells());
        assertEquals(before, Set.copyOf(author.bootstrap(List.of(), page -> {}).cells()));
        author.close();
        node.close();
        startNode("restarted.log");
        assertEquals(before, Set.copyOf(author.readState().cells()));
    }

    private void awaitSnapshot() throws InterruptedException {
        while (author.readSnapshot(List.of(), Checkpoint.START, page -> {}) == null) {
            author.submitAndWait(small(3));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Value blob(final int bytes) {
        final byte[] content = new byte[bytes];
        random.nextBytes(content);
        return Value.ofBlob(content);
    }

    private BlockingClient open() {
        final BlockingClient client = connect();
        client.openDatabase(DatabaseOptions.existing(DATABASE));
        return client;
    }

    private ChangeSet small(final int row) {
        return ChangeSet.builder(new Site(0, 1), wall++, 0)
                .write("main", "t", Key.ofInteger(row), "c", Value.ofInteger(wall))
                .build();
    }

    private ChangeSet large(final int rows, final int valueBytes) {
        final ChangeSet.Builder set = ChangeSet.builder(new Site(0, 1), wall++, 0);
        for (int row = 0; row < rows; row++) {
            final byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            final String table = row % 100 == 7 ? "rare" : "t";
            set.write("main", table, Key.ofInteger(row), "b", Value.ofBlob(value));
        }
        return set.build();
    }

    private static Set<String> cells(final Replica replica) {
        return replica.cells().stream().map(Cell::toString).collect(Collectors.toSet());
    }

    private static final class Follower implements DeliveryListener {
        private final Replica replica = new Replica(DATABASE);
        private final long end;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Follower(final long end) {
            this.end = end;
        }

        @Override
        public synchronized void onDelivery(final Delivery delivery) {
            replica.apply(delivery);
            look(delivery.sequence());
        }

        @Override
        public synchronized void onProgress(final Progress progress) {
            replica.apply(progress);
            look(progress.sequence());
        }

        private void look(final long sequence) {
            if (sequence >= end) {
                done.complete(null);
            }
        }

        void await() throws Exception {
            done.get(60, TimeUnit.SECONDS);
        }
    }
}
