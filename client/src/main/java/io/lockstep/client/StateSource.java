package io.lockstep.client;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.TableFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Reads pages and deliveries of one part of a database over one session: when the connection changes, it fails. */
final class StateSource implements StateReader.Source {
    private static final int STATE_PAGE_BYTES = 512 * 1024;

    private final BlockingClient client;
    private final List<TableFilter> filters;
    private final LongSupplier sessions;
    private final long session;
    private final long callTimeoutMs;

    StateSource(
            final BlockingClient client,
            final List<TableFilter> filters,
            final LongSupplier sessions,
            final long callTimeoutMs) {
        this.client = client;
        this.filters = filters;
        this.sessions = sessions;
        this.session = sessions.getAsLong();
        this.callTimeoutMs = callTimeoutMs;
    }

    /** Asks for a page of a snapshot, over whatever connection there is. */
    CompletableFuture<SnapshotPage> snapshotPage(final Checkpoint after) {
        final CompletableFuture<SnapshotPage> future = new CompletableFuture<>();
        client.request(core -> core.readSnapshot(STATE_PAGE_BYTES, 1, filters, after), future);
        return future;
    }

    SnapshotPage await(final CompletableFuture<SnapshotPage> page) {
        return client.await(page, callTimeoutMs);
    }

    @Override
    public StatePage page(final long row, final Checkpoint within) {
        final StatePage page =
                client.call(core -> core.readState(row, within, STATE_PAGE_BYTES, filters), new CompletableFuture<>());
        if (sessions.getAsLong() != session) {
            throw new ClientException(ErrorCodes.CONNECTION_LOST, "the connection changed while the state was read");
        }
        return page;
    }

    @Override
    public void subscribe(final Cursor cursor, final DeliveryListener deliveries) {
        client.subscribe(cursor, false, filters, deliveries);
    }

    @Override
    public void unsubscribe() {
        client.unsubscribe();
    }

    @Override
    public void awaitDone(final CompletableFuture<?> future) {
        client.await(future, callTimeoutMs);
    }
}
