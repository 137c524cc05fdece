package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL while change sets of several frames are uploaded, journaled and applied: each is there whole or not at all, and
 * what was acknowledged is there. Every set writes one number into all of its rows, so half of one shows.
 */
@Tag("long")
class UploadKillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.uploadKills", 30);
    private static final int ROWS = 3_000;
    private static final int VALUE_BYTES = 1_000;
    private static final long WALL = 1_700_000_000_000L;
    private static final long CALL_TIMEOUT_MS = 120_000;

    @TempDir
    private Path folder;

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Long> acknowledged = new ArrayList<>();

    @Test
    void shouldKeepThemWholeOrNotAtAll() throws Exception {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("upload kill seed=%d kills=%d", seed, KILLS);
        final Random random = new Random(seed);
        try (NodeProcess node = new NodeProcess(
                folder,
                folder.resolve("data"),
                "--durability",
                "synced",
                "--snapshot-journal-bytes",
                "16MiB",
                "--journal-file-bytes",
                "16MiB")) {
            node.start();
            final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(node));
            for (int i = 0; i < KILLS; i++) {
                final long before = accepted.get();
                for (int wait = 0; wait < 6_000 && accepted.get() == before; wait++) {
                    NodeProcess.pauseMs(10);
                }
                NodeProcess.pauseMs(random.nextInt(400));
                assertTrue(!writing.isDone(), () -> "writing ended: " + writing);
                node.kill();
                node.start();
            }
            stop.set(true);
            writing.get(CALL_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            check(node);
            assertEquals(0, node.stop());
        }
        Scenario.report("upload kill accepted=%d", accepted.get());
    }

    private void write(final NodeProcess node) {
        long number = 1;
        while (!stop.get()) {
            final ClientContext context =
                    new ClientContext().addresses(node.address()).callTimeoutMs(CALL_TIMEOUT_MS);
            try (BlockingClient author = BlockingClient.connect(context, CALL_TIMEOUT_MS)) {
                author.openDatabase(DatabaseOptions.createIfMissing(Scenario.DATABASE));
                while (!stop.get()) {
                    final SubmitOutcome outcome = author.submitAndWait(set(number));
                    synchronized (acknowledged) {
                        acknowledged.add(number);
                    }
                    accepted.incrementAndGet();
                    assertTrue(outcome.sequence() >= 0);
                    number++;
                }
            } catch (final ClientException e) {
                Scenario.report("upload kill: %s", e.getMessage());
            }
        }
    }

    private static ChangeSet set(final long number) {
        final ChangeSet.Builder set = ChangeSet.builder(new Site(0, 1), WALL + number, 0);
        final byte[] value = new byte[VALUE_BYTES];
        new Random(number).nextBytes(value);
        for (int row = 0; row < ROWS; row++) {
            set.write("main", "t", Key.ofInteger(row), "c", Value.ofBlob(value));
        }
        return set.build();
    }

    private void check(final NodeProcess node) throws Exception {
        final long last = acknowledged.get(acknowledged.size() - 1);
        try (BlockingClient reader = BlockingClient.connect(new ClientContext().addresses(node.address()))) {
            reader.openDatabase(DatabaseOptions.existing(Scenario.DATABASE));
            final Replica state = reader.readState();
            final Set<Value> values = state.cells().stream().map(Cell::value).collect(Collectors.toSet());
            assertEquals(1, values.size(), "half of a set");
            assertEquals(ROWS, state.cellCount());
            final byte[] expected = new byte[VALUE_BYTES];
            new Random(last).nextBytes(expected);
            assertEquals(Set.of(Value.ofBlob(expected)), values, "the last one acknowledged");
            final Follower follower = new Follower(state.cursor().sequence());
            reader.subscribe(Cursor.start(Scenario.DATABASE), follower);
            follower.done.get(CALL_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assertEquals(acknowledged, follower.numbers, "each once, in order");
            assertTrue(follower.whole, "a delivery of half a set");
        }
    }

    private static final class Follower implements DeliveryListener {
        private final List<Long> numbers = new ArrayList<>();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final long end;
        private boolean whole = true;

        Follower(final long end) {
            this.end = end;
        }

        @Override
        public void onDelivery(final Delivery delivery) {
            numbers.add(delivery.clock().wall() - WALL);
            whole &= delivery.changes().size() == ROWS;
            if (delivery.sequence() >= end) {
                done.complete(null);
            }
        }

        @Override
        public void onFailed(final ClientException cause) {
            done.completeExceptionally(cause);
        }
    }
}
