package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.SnapshotListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is new reads the newest snapshot's file, and what came after it, from a real node. */
@Timeout(120)
class BootstrapTest {
    private static final long SEED = 20_261_124L;
    private static final long WALL = 1_700_000_000_000L;
    private static final int VALUE_BYTES = 2_000;
    private static final String[] TABLES = {"orders", "order_lines", "bills"};
    private static final SnapshotListener NOBODY = page -> {};

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private long wall = WALL;
    private NodeProcess node;
    private BlockingClient author;

    @BeforeEach
    void start() throws IOException {
        startNode("node.log");
        author = connect();
        author.openDatabase(DatabaseOptions.createIfMissing("d"));
    }

    private void startNode(final String log) throws IOException {
        node = NodeProcess.start(
                List.of(
                        "--data",
                        data().toString(),
                        "--tcp",
                        "127.0.0.1:0",
                        "--auth",
                        "none",
                        "--durability",
                        "synced",
                        "--snapshot-journal-bytes",
                        "1MiB"),
                folder.resolve(log));
    }

    @AfterEach
    void stop() {
        author.close();
        node.close();
    }

    @Test
    void shouldEqualTheStateWhileOthersWrite() throws Exception {
        writeUntilSnapshots(1);
        final AtomicBoolean stop = new AtomicBoolean();
        final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                author.submitAndWait(changeSet());
            }
        });
        try (BlockingClient reader = open()) {
            for (int round = 0; round < 5; round++) {
                final List<SnapshotPage> pages = new ArrayList<>();
                final Replica replica = reader.bootstrap(TableFilter.ALL, pages::add);
                assertFalse(pages.isEmpty(), "came out of a snapshot");
                assertTrue(replica.cursor().check() != 0, "the cursor can be verified");
            }
            stop.set(true);
            writing.get(60, TimeUnit.SECONDS);
            // Every bootstrap was held against the digest; this one against the cells, too.
            assertEquals(cells(author.readState()), cells(followed(reader, TableFilter.ALL)), () -> "seed=" + SEED);
        }
    }

    /** The replica at the snapshot's end, brought up to now. */
    private Replica followed(final BlockingClient reader, final List<TableFilter> filters) throws Exception {
        final Replica replica = reader.bootstrap(filters, NOBODY);
        final long end = author.readState().cursor().sequence();
        final Follower follower = new Follower(replica, end);
        reader.subscribe(replica.cursor(), false, filters, follower);
        follower.done.get(60, TimeUnit.SECONDS);
        reader.unsubscribe();
        return replica;
    }

    private static final class Follower implements DeliveryListener {
        private final Replica replica;
        private final long end;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Follower(final Replica replica, final long end) {
            this.replica = replica;
            this.end = end;
            look();
        }

        @Override
        public synchronized void onDelivery(final Delivery delivery) {
            replica.apply(delivery);
            look();
        }

        @Override
        public synchronized void onProgress(final Progress progress) {
            replica.apply(progress);
            look();
        }

        private void look() {
            if (replica.cursor().sequence() >= end) {
                done.complete(null);
            }
        }
    }

    @Test
    void shouldShowAPart() throws Exception {
        writeUntilSnapshots(1);
        final List<TableFilter> filters = List.of(TableFilter.of("order*", Key.ofInteger(2)));
        try (BlockingClient reader = open()) {
            final Replica part = followed(reader, filters);
            final Replica same = reader.readState(filters);
            assertFalse(part.cells().isEmpty());
            assertEquals(cells(same), cells(part));
        }
    }

    @Test
    void shouldGoOnFromAnyPage() throws Exception {
        writeUntilSnapshots(1);
        final List<SnapshotPage> pages = pages(Checkpoint.START);
        assertTrue(pages.size() > 1, () -> "pages=" + pages.size());
        for (int i = 0; i < pages.size() - 1; i++) {
            assertEquals(pages.subList(i + 1, pages.size()), pages(pages.get(i).checkpoint()), "after page " + i);
        }
    }

    @Test
    void shouldGoOnAfterARestart() throws Exception {
        writeUntilSnapshots(1);
        final List<SnapshotPage> pages = pages(Checkpoint.START);
        author.close();
        node.kill();
        startNode("again.log");
        author = open();
        assertEquals(pages.subList(1, pages.size()), pages(pages.get(0).checkpoint()));
    }

    @Test
    void shouldStartOverWhenTheSnapshotIsGone() throws Exception {
        writeUntilSnapshots(1);
        final Checkpoint first = pages(Checkpoint.START).get(0).checkpoint();
        writeUntilSnapshots(4);
        awaitReleased();
        final List<String> reasons = new ArrayList<>();
        try (BlockingClient reader = open()) {
            assertNotNull(reader.readSnapshot(TableFilter.ALL, first, new SnapshotListener() {
                @Override
                public void onPage(final SnapshotPage page) {}

                @Override
                public void onStartOver(final String reason) {
                    reasons.add(reason);
                }
            }));
        }
        assertEquals(1, reasons.size(), reasons::toString);
    }

    @Test
    void shouldRefuseCheckpointsOfOthers() throws Exception {
        writeUntilSnapshots(1);
        final Checkpoint first = pages(Checkpoint.START).get(0).checkpoint();
        final byte[] forged = first.toBytes();
        forged[forged.length - 1] ^= 1;
        assertStartsOver(new ClientContext(), TableFilter.ALL, Checkpoint.of(forged));
        assertStartsOver(new ClientContext(), TableFilter.ALL, Checkpoint.of(new byte[] {1}));
        assertStartsOver(new ClientContext(), List.of(TableFilter.of("orders")), first);
        assertStartsOver(new ClientContext().sites(new Site(0, 77)), TableFilter.ALL, first);
    }

    private void assertStartsOver(
            final ClientContext context, final List<TableFilter> filters, final Checkpoint checkpoint) {
        try (BlockingClient reader = BlockingClient.connect(context.addresses(node.address()))) {
            reader.openDatabase(DatabaseOptions.existing("d"));
            final IllegalStateException startedOver = assertThrows(
                    IllegalStateException.class, () -> reader.readSnapshot(filters, checkpoint, new Strict()));
            assertTrue(startedOver.getMessage().contains("checkpoint"), startedOver::getMessage);
        }
    }

    /** Ends where reading would start over. */
    private static final class Strict implements SnapshotListener {
        @Override
        public void onPage(final SnapshotPage page) {}

        @Override
        public void onStartOver(final String reason) {
            throw new IllegalStateException(reason);
        }
    }

    @Test
    void shouldReadTheStateWhereThereIsNoSnapshot() {
        author.submitAndWait(changeSet());
        try (BlockingClient reader = open()) {
            assertNull(reader.readSnapshot(TableFilter.ALL, Checkpoint.START, NOBODY));
            assertEquals(1, reader.bootstrap(TableFilter.ALL, NOBODY).cursor().sequence());
        }
    }

    private List<SnapshotPage> pages(final Checkpoint from) {
        final List<SnapshotPage> pages = new ArrayList<>();
        try (BlockingClient reader = open()) {
            assertNotNull(reader.readSnapshot(TableFilter.ALL, from, pages::add));
        }
        return pages;
    }

    private void writeUntilSnapshots(final int taken) throws Exception {
        final Set<Path> seen = snapshots();
        for (int i = 0; seen.size() < taken; i++) {
            assertTrue(i < 20_000, "no snapshot came");
            author.submit(changeSet());
            if (i % 50 == 0) {
                author.submitAndWait(changeSet());
                seen.addAll(snapshots());
            }
        }
        author.submitAndWait(changeSet());
    }

    /** The newest two stay: until the reader has let go of the others, it can still read them. */
    private void awaitReleased() throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadlineNs && openDeletedSnapshots()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean openDeletedSnapshots() {
        try (Stream<Path> descriptors =
                Files.list(Path.of("/proc", Long.toString(node.process().pid()), "fd"))) {
            return descriptors.anyMatch(each -> {
                try {
                    final String target = Files.readSymbolicLink(each).toString();
                    return target.contains(".snapshot") && target.endsWith("(deleted)");
                } catch (final IOException e) {
                    return false;
                }
            });
        } catch (final IOException e) {
            return false;
        }
    }

    private Set<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(data().resolve("snapshots"))) {
            return files.filter(file -> file.toString().endsWith(".snapshot")).collect(Collectors.toSet());
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static Set<String> cells(final Replica replica) {
        return replica.cells().stream().map(Cell::toString).collect(Collectors.toSet());
    }

    private synchronized ChangeSet changeSet() {
        final ChangeSet.Builder builder = ChangeSet.builder(new Hlc(wall++, 0, new Site(0, 1 + random.nextInt(3)), 0));
        for (int i = random.nextInt(3); i >= 0; i--) {
            final String table = TABLES[random.nextInt(TABLES.length)];
            final Key key = Key.of(Value.ofInteger(random.nextInt(4)), Value.ofInteger(random.nextInt(200)));
            if (random.nextInt(4) == 0) {
                builder.delete("main", table, key);
            } else {
                final byte[] value = new byte[random.nextInt(VALUE_BYTES)];
                random.nextBytes(value);
                builder.write("main", table, key, "c" + random.nextInt(3), Value.ofBlob(value));
            }
        }
        return builder.build();
    }

    private BlockingClient open() {
        final BlockingClient client = connect();
        client.openDatabase(DatabaseOptions.existing("d"));
        return client;
    }

    private BlockingClient connect() {
        return BlockingClient.connect(new ClientContext().addresses(node.address()));
    }
}
