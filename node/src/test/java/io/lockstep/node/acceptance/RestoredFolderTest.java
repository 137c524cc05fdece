package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.codec.ResetReason;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Yesterday's data folder is put back: a client that saw more is told so, and never served. */
@Tag("long")
class RestoredFolderTest {
    private static final String DATABASE = "d";
    private static final long WALL = 1_700_000_000_000L;
    private static final int YESTERDAY = 500;
    private static final int TODAY = 200;

    @TempDir
    private Path folder;

    private long wall = WALL;

    @Test
    void shouldTellClientsThatSawMore() throws Exception {
        final Path data = folder.resolve("data");
        final Path copy = folder.resolve("copy");
        try (NodeProcess node = new NodeProcess(folder, data)) {
            node.start();
            write(node, new Site(0, 1), YESTERDAY);
            final Cursor yesterday = follow(node, YESTERDAY);
            assertEquals(0, node.stop());
            Launcher.tool(folder.resolve("cp.out"), "cp", "-a", data.toString(), copy.toString());
            node.start();
            write(node, new Site(0, 1), TODAY);
            final Cursor today = follow(node, YESTERDAY + TODAY);
            assertEquals(0, node.stop());
            Launcher.tool(folder.resolve("rm.out"), "rm", "-r", data.toString());
            Launcher.tool(folder.resolve("cp.out"), "cp", "-a", copy.toString(), data.toString());
            node.start();
            assertEquals(ResetReason.AHEAD_OF_NODE, reset(node, today));
            write(node, new Site(0, 2), TODAY - 1);
            assertEquals(ResetReason.AHEAD_OF_NODE, reset(node, today));
            write(node, new Site(0, 2), TODAY);
            assertEquals(ResetReason.HISTORY_DIFFERS, reset(node, today));
            assertEquals(
                    YESTERDAY + 2L * TODAY - 1,
                    followFrom(node, yesterday, YESTERDAY + 2 * TODAY - 1).sequence());
            assertEquals(0, node.stop());
        }
    }

    private void write(final NodeProcess node, final Site site, final int sets) {
        try (BlockingClient author = open(node)) {
            for (int i = 0; i < sets; i++) {
                author.submitAndWait(ChangeSet.builder(site, wall++, 0)
                        .write("main", "t", Key.ofInteger(i), "c", Value.ofInteger(wall))
                        .build());
            }
        }
    }

    private static Cursor follow(final NodeProcess node, final long sequence) throws Exception {
        return followFrom(node, Cursor.start(DATABASE), sequence);
    }

    private static Cursor followFrom(final NodeProcess node, final Cursor from, final long sequence) throws Exception {
        final Listener listener = new Listener(sequence);
        try (BlockingClient reader = open(node)) {
            reader.subscribe(from, listener);
            final Delivery last = listener.delivered.get(60, TimeUnit.SECONDS);
            assertTrue(!listener.reset.isDone());
            return new Cursor(DATABASE, reader.session().incarnation(), last.sequence(), last.check());
        }
    }

    private static ResetReason reset(final NodeProcess node, final Cursor cursor) throws Exception {
        final Listener listener = new Listener(Long.MAX_VALUE);
        try (BlockingClient reader = open(node)) {
            reader.subscribe(cursor, listener);
            final ResetReason reason = listener.reset.get(60, TimeUnit.SECONDS);
            assertEquals(0, listener.deliveries, "never served");
            return reason;
        }
    }

    private static BlockingClient open(final NodeProcess node) {
        final BlockingClient client = BlockingClient.connect(new ClientContext().addresses(node.address()));
        client.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
        return client;
    }

    private static final class Listener implements DeliveryListener {
        private final long end;
        private final CompletableFuture<Delivery> delivered = new CompletableFuture<>();
        private final CompletableFuture<ResetReason> reset = new CompletableFuture<>();
        private int deliveries;

        Listener(final long end) {
            this.end = end;
        }

        @Override
        public void onDelivery(final Delivery delivery) {
            deliveries++;
            if (delivery.sequence() == end) {
                delivered.complete(delivery);
            }
        }

        @Override
        public void onResetRequired(final ResetReason reason, final String text) {
            reset.complete(reason);
        }

        @Override
        public void onFailed(final ClientException cause) {
            delivered.completeExceptionally(cause);
            reset.completeExceptionally(cause);
        }
    }
}
