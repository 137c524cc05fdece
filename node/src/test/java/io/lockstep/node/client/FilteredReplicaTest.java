package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica of a part, read while others write and followed afterwards, is that part of the coordinator's state. */
@Timeout(120)
class FilteredReplicaTest {
    private static final long SEED = 20_261_123L;
    private static final long WALL = 1_700_000_000_000L;
    private static final String[] TABLES = {"orders", "order_lines", "bills"};

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private long wall = WALL;

    @Test
    void shouldEqualThatPartOfTheState() throws Exception {
        try (NodeProcess node = NodeProcess.start(
                        List.of("--data", folder.resolve("data").toString(), "--tcp", "127.0.0.1:0", "--auth", "none"),
                        folder.resolve("node.log"));
                BlockingClient author = connect(node);
                BlockingClient reader = connect(node)) {
            author.openDatabase(DatabaseOptions.createIfMissing("d"));
            reader.openDatabase(DatabaseOptions.existing("d"));
            for (int i = 0; i < 300; i++) {
                author.submit(changeSet());
            }
            for (int round = 0; round < 4; round++) {
                round(author, reader);
            }
        }
    }

    private void round(final BlockingClient author, final BlockingClient reader) throws Exception {
        final List<TableFilter> filters = filters();
        final CompletableFuture<Long> last = new CompletableFuture<>();
        final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 200; i++) {
                author.submitAndWait(changeSet());
            }
            last.complete(author.readState().cursor().sequence());
        });
        final Replica part = reader.readState(filters);
        final Follower follower = new Follower(part, last);
        reader.subscribe(part.cursor(), false, filters, follower);
        writing.get(60, TimeUnit.SECONDS);
        assertTrue(follower.done.await(20, TimeUnit.SECONDS), () -> "told everything: seed=" + SEED);
        assertEquals(last.join(), reader.changeFilters(List.of(TableFilter.of("bills"))));
        reader.unsubscribe();
        final Replica whole = author.readState();
        assertEquals(cells(whole, filters), cells(part, List.of()), () -> "seed=" + SEED + ", filters=" + filters);
    }

    /** Applies what comes; done when it was told of everything. */
    private static final class Follower implements DeliveryListener {
        private final Replica part;
        private final CompletableFuture<Long> last;
        private final CountDownLatch done = new CountDownLatch(1);

        Follower(final Replica part, final CompletableFuture<Long> last) {
            this.part = part;
            this.last = last;
            last.thenRun(this::look);
        }

        @Override
        public synchronized void onDelivery(final Delivery delivery) {
            part.apply(delivery);
            look();
        }

        @Override
        public synchronized void onProgress(final Progress progress) {
            part.apply(progress);
            look();
        }

        private synchronized void look() {
            if (last.isDone() && part.cursor().sequence() >= last.join()) {
                done.countDown();
            }
        }
    }

    private List<TableFilter> filters() {
        final List<List<TableFilter>> choices = List.of(
                List.of(TableFilter.of("order*")),
                List.of(TableFilter.of("bills", Key.ofInteger(random.nextInt(4)))),
                List.of(TableFilter.of("main.orders"), TableFilter.of("*", Key.ofInteger(random.nextInt(4)))),
                List.of(TableFilter.of("nothing")));
        return choices.get(random.nextInt(choices.size()));
    }

    private static Set<String> cells(final Replica replica, final List<TableFilter> filters) {
        return replica.cells().stream()
                .filter(cell -> filters.isEmpty() || filters.stream().anyMatch(filter -> matches(filter, cell)))
                .map(Cell::toString)
                .collect(Collectors.toSet());
    }

    private static boolean matches(final TableFilter filter, final Cell cell) {
        final String regex = filter.table().replace(".", "[.]").replace("*", ".*");
        final boolean table = cell.table().matches(regex) || (cell.schema() + "." + cell.table()).matches(regex);
        return table
                && (filter.keyPrefix() == null
                        || filter.keyPrefix()
                                .parts()
                                .equals(cell.key()
                                        .parts()
                                        .subList(
                                                0,
                                                Math.min(
                                                        cell.key().parts().size(),
                                                        filter.keyPrefix()
                                                                .parts()
                                                                .size()))));
    }

    private synchronized ChangeSet changeSet() {
        final ChangeSet.Builder builder = ChangeSet.builder(new Hlc(wall++, 0, new Site(0, 1 + random.nextInt(3)), 0));
        for (int i = random.nextInt(3); i >= 0; i--) {
            final String table = TABLES[random.nextInt(TABLES.length)];
            final Key key = Key.of(Value.ofInteger(random.nextInt(4)), Value.ofInteger(random.nextInt(10)));
            if (random.nextInt(4) == 0) {
                builder.delete("main", table, key);
            } else {
                builder.write("main", table, key, "c" + random.nextInt(3), Value.ofInteger(random.nextInt(100)));
            }
        }
        return builder.build();
    }

    private static BlockingClient connect(final NodeProcess node) throws IOException {
        return BlockingClient.connect(new ClientContext().addresses(node.address()));
    }
}
