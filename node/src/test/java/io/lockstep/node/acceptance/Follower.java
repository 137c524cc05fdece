package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.SessionInfo;
import io.lockstep.client.model.Cursor;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import java.util.List;

/** A session that is polled by the test: opens a database and, when it is told to, counts what is delivered of it. */
final class Follower implements ClientListener, AutoCloseable {
    private static final long TIMEOUT_NS = 300_000_000_000L;

    private final String database;
    private final LockstepClient client;
    private boolean open;
    private long delivered;
    private long lastNs;
    private String trouble;

    Follower(final String address, final String database) {
        this.database = database;
        client = new LockstepClient(new ClientContext().addresses(address).conclude(), this);
        await(() -> open);
    }

    @Override
    public void onConnected(final SessionInfo session) {
        if (!open) {
            client.openDatabase(DatabaseOptions.createIfMissing(database));
        }
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
        open = true;
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {
        if (delivery.sequence() != delivered + 1) {
            trouble = "sequence=" + delivery.sequence() + " after delivered=" + delivered;
        }
        delivered = delivery.sequence();
        lastNs = System.nanoTime();
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {
        trouble = "reset required: " + reset.reason();
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        trouble = "code=" + code + ": " + text;
    }

    /** Asks for everything from the beginning. */
    void subscribe() {
        client.subscribe(Cursor.start(database), false);
    }

    int poll() {
        final int work = client.poll();
        if (trouble != null) {
            throw new AssertionError("database=" + database + ": " + trouble);
        }
        return work;
    }

    void pollOrWait(final long maxNs) {
        if (poll() == 0) {
            client.await(maxNs);
        }
    }

    long delivered() {
        return delivered;
    }

    /** When the last delivery came. */
    long lastNs() {
        return lastNs;
    }

    /** From the request to the last of so many deliveries, seconds. */
    double catchUp(final long sequence) {
        final long startNs = System.nanoTime();
        subscribe();
        await(() -> delivered >= sequence);
        return (lastNs - startNs) / 1e9;
    }

    /** Polls several until each was delivered so much. */
    static void catchUp(final List<Follower> followers, final long sequence) {
        final long startNs = System.nanoTime();
        boolean behind = true;
        while (behind) {
            behind = false;
            int work = 0;
            for (final Follower follower : followers) {
                work += follower.poll();
                behind |= follower.delivered < sequence;
            }
            if (work == 0) {
                followers.get(0).client.await(1_000_000);
            }
            if (System.nanoTime() - startNs > TIMEOUT_NS) {
                throw new AssertionError("still behind after timeoutNs=" + TIMEOUT_NS);
            }
        }
    }

    private void await(final java.util.function.BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            pollOrWait(10_000_000);
            if (System.nanoTime() - startNs > TIMEOUT_NS) {
                throw new AssertionError("waited timeoutNs=" + TIMEOUT_NS + ", delivered=" + delivered);
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
