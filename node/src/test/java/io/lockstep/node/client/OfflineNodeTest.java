package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.offline.EntryState;
import io.lockstep.client.offline.OfflineContext;
import io.lockstep.client.offline.OfflineDatabase;
import io.lockstep.client.offline.OfflineListener;
import io.lockstep.client.offline.OutboxEntry;
import io.lockstep.client.offline.ResetCause;
import io.lockstep.client.offline.SyncState;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device and a real node: what only arbitration and the journal can answer. */
@Timeout(120)
class OfflineNodeTest {
    private static final long WAIT_MS = 30_000;
    private static final String DATABASE = "d";

    @TempDir
    private Path folder;

    private final Ear ear = new Ear();
    private NodeProcess node;
    private String address = "127.0.0.1:0";
    private long aheadMs;

    @BeforeEach
    void start() throws IOException {
        start("data");
    }

    private void start(final String data) throws IOException {
        node = NodeProcess.start(
                List.of(
                        "--data",
                        folder.resolve(data).toString(),
                        "--tcp",
                        address,
                        "--auth",
                        "none",
                        "--snapshot-journal-bytes",
                        "1MiB"),
                folder.resolve("node.log"));
        address = node.address();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static final class Ear implements OfflineListener {
        private final BlockingQueue<OutboxEntry> undecided = new LinkedBlockingQueue<>();
        private final BlockingQueue<ResetCause> resets = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> heldUp = new LinkedBlockingQueue<>();
        private final BlockingQueue<Long> progress = new LinkedBlockingQueue<>();

        @Override
        public void onStateProgress(final long bytesRead, final long bytesTotal) {
            progress.add(bytesTotal - bytesRead);
        }

        @Override
        public void onUndecided(final OutboxEntry entry) {
            undecided.add(entry);
        }

        @Override
        public void onReset(final ResetCause cause, final String text) {
            resets.add(cause);
        }

        @Override
        public void onHeldUp(final OutboxEntry entry, final String why) {
            heldUp.add(why);
        }
    }

    private OfflineDatabase open(final List<TableFilter> filters) {
        return OfflineDatabase.open(new OfflineContext()
                .folder(folder.resolve("device"))
                .database(DatabaseOptions.createIfMissing(DATABASE))
                .client(new ClientContext().addresses(address).backoffMs(5, 100))
                .wallClockMs(() -> System.currentTimeMillis() + aheadMs)
                .filters(filters)
                .retryMs(100)
                .listener(ear));
    }

    private OfflineDatabase open() {
        return open(TableFilter.ALL);
    }

    private BlockingClient author() {
        final BlockingClient client = BlockingClient.connect(new ClientContext().addresses(address));
        client.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
        return client;
    }

    private static long write(final OfflineDatabase database, final String table, final int key, final String text) {
        return database.write(changes -> changes.write("main", table, Key.ofInteger(key), "v", Value.ofText(text)));
    }

    private static Optional<String> text(final OfflineDatabase database, final String table, final int key) {
        return database.value("main", table, Key.ofInteger(key), "v").map(Value::asText);
    }

    private static void assertSame(final BlockingClient client, final OfflineDatabase database) {
        assertEquals(new HashSet<>(client.readState().cells()), new HashSet<>(database.cells()));
    }

    @Test
    void shouldKeepWhatIsTooLateUntilItIsStampedAnew() throws Exception {
        aheadMs = -20_000;
        final long late;
        try (OfflineDatabase device = open()) {
            assertTrue(device.awaitState(SyncState.LIVE, WAIT_MS));
            write(device, "t", 1, "on time");
            assertTrue(device.awaitAnswers(WAIT_MS));
        }
        node.kill();
        try (OfflineDatabase device = open()) {
            late = device.write(changes -> changes.write("main", "t", Key.ofInteger(1), "v", Value.ofText("late"))
                    .write("main", "t", Key.ofInteger(2), "v", Value.ofText("late too")));
            assertEquals(Optional.of("late"), text(device, "t", 1));
        }
        start("data");
        try (BlockingClient author = author()) {
            author.submitAndWait(
                    ChangeSet.builder(HybridClock.system(new Site(0, 5)).tick())
                            .delete("main", "t", Key.ofInteger(1))
                            .build());
            assertEquals(1, author.prune(0));
            aheadMs = 0;
            try (OfflineDatabase device = open()) {
                final OutboxEntry entry = ear.undecided.poll(WAIT_MS, TimeUnit.MILLISECONDS);
                assertEquals(List.of(late, EntryState.TOO_LATE), List.of(entry.id(), entry.state()));
                assertEquals(2, entry.undecided().size());
                assertTrue(device.awaitSequence(2, WAIT_MS));
                assertEquals(Optional.empty(), text(device, "t", 1));
                device.restamp(late);
                assertTrue(device.awaitAnswers(WAIT_MS));
                assertEquals(Optional.of("late"), text(device, "t", 1));
                assertEquals(List.of(), device.outbox());
                assertSame(author, device);
            }
        }
    }

    @Test
    void shouldReadTheStateOfAnotherJournalAndSendItsOutbox() throws Exception {
        try (OfflineDatabase device = open()) {
            write(device, "t", 1, "lost with the node");
            assertTrue(device.awaitAnswers(WAIT_MS));
            assertTrue(device.awaitSequence(1, WAIT_MS));
        }
        node.kill();
        try (OfflineDatabase device = open()) {
            write(device, "t", 2, "kept");
        }
        start("other");
        try (BlockingClient author = author();
                OfflineDatabase device = open()) {
            assertEquals(ResetCause.INCARNATION_DIFFERS, ear.resets.poll(WAIT_MS, TimeUnit.MILLISECONDS));
            assertTrue(device.awaitState(SyncState.LIVE, WAIT_MS));
            assertTrue(device.awaitAnswers(WAIT_MS));
            assertTrue(device.awaitSequence(1, WAIT_MS));
            assertEquals(Optional.of("kept"), text(device, "t", 2));
            assertSame(author, device);
        }
    }

    @Test
    void shouldTellHowFarItIsWithReadingASnapshot() throws InterruptedException {
        try (BlockingClient author = author()) {
            final HybridClock clock = HybridClock.system(new Site(0, 5));
            int key = 0;
            while (key % 20 != 0 || author.readSnapshot(TableFilter.ALL, Checkpoint.START, page -> {}) == null) {
                final ChangeSet.Builder set = ChangeSet.builder(clock.tick());
                key++;
                set.write("main", "t", Key.ofInteger(key), "v", Value.ofBlob(new byte[20_000]));
                author.submitAndWait(set.build());
            }
            try (OfflineDatabase device = open()) {
                assertTrue(device.awaitSequence(key, WAIT_MS));
                assertTrue(device.awaitState(SyncState.LIVE, WAIT_MS));
                assertFalse(ear.progress.isEmpty());
                assertSame(author, device);
            }
        }
    }

    @Test
    void shouldWaitWithAClockThatIsAhead() throws InterruptedException {
        aheadMs = 62_000;
        try (OfflineDatabase device = open()) {
            write(device, "t", 1, "from the future");
            assertTrue(ear.heldUp.poll(WAIT_MS, TimeUnit.MILLISECONDS).contains("aheadMs="));
            assertTrue(device.awaitAnswers(WAIT_MS));
            assertEquals(List.of(), device.outbox());
        }
    }

    @Test
    void shouldKeepTheRowsThatItsFiltersMatch() throws InterruptedException {
        try (BlockingClient author = author()) {
            for (int i = 0; i < 20; i++) {
                author.submitAndWait(ChangeSet.builder(
                                HybridClock.system(new Site(0, 5)).tick())
                        .write("main", i % 2 == 0 ? "orders" : "bills", Key.ofInteger(i), "v", Value.ofText("" + i))
                        .build());
            }
            try (OfflineDatabase device = open(List.of(TableFilter.of("orders")))) {
                assertTrue(device.awaitSequence(20, WAIT_MS));
                assertEquals(Set.of("orders"), tables(device));
                author.submitAndWait(
                        ChangeSet.builder(HybridClock.system(new Site(0, 5)).tick())
                                .write("main", "bills", Key.ofInteger(99), "v", Value.ofText("new"))
                                .build());
                assertTrue(device.awaitSequence(21, WAIT_MS));
                device.changeFilters(List.of(TableFilter.of("bills")));
                assertEquals(ResetCause.FIRST_TIME, ear.resets.poll(WAIT_MS, TimeUnit.MILLISECONDS));
                assertEquals(ResetCause.FILTERS_CHANGED, ear.resets.poll(WAIT_MS, TimeUnit.MILLISECONDS));
                assertTrue(device.awaitState(SyncState.LIVE, WAIT_MS));
                assertEquals(Set.of("bills"), tables(device));
            }
            try (OfflineDatabase device = open(List.of(TableFilter.of("bills")))) {
                assertTrue(device.awaitState(SyncState.LIVE, WAIT_MS));
                assertEquals(Set.of("bills"), tables(device));
                assertEquals(null, ear.resets.poll());
            }
        }
    }

    private static Set<String> tables(final OfflineDatabase device) {
        final Set<String> tables = new HashSet<>();
        for (final Cell cell : device.cells()) {
            tables.add(cell.table());
        }
        return tables;
    }
}
