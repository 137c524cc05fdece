package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.replica.Replica;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The simple client: a {@link LockstepClient} that polls on a thread of its own. Safe for use by several threads.
 *
 * <p>Futures complete on the client's thread: what depends on them must not block.
 */
public final class BlockingClient implements AutoCloseable {
    private BlockingClient() {}

    /**
     * Connects, failing fast: when every address was tried once without success.
     *
     * @param context is concluded
     * @return a client that is connected
     * @throws ClientException saying why it could not
     */
    public static BlockingClient connect(final ClientContext context) {
        context.conclude();
        return new BlockingClient();
    }

    /**
     * Connects, trying again for a while.
     *
     * @param context is concluded
     * @param waitMs how long to try, milliseconds
     * @return a client that is connected
     * @throws ClientException saying why it could not
     */
    public static BlockingClient connect(final ClientContext context, final long waitMs) {
        context.conclude();
        return new BlockingClient();
    }

    /**
     * What the node last said in its welcome.
     *
     * @return the session
     */
    public SessionInfo session() {
        return null;
    }

    /**
     * Binds the client to its database, now and after each reconnect.
     *
     * @param options which
     * @return what the node said of it
     * @throws ClientException if it was refused
     */
    public DatabaseInfo openDatabase(final DatabaseOptions options) {
        return null;
    }

    /**
     * Submits a change set; waits while the window is full.
     *
     * @param changeSet what to submit
     * @return completes with the outcome, or with a {@link ClientException}
     */
    public CompletableFuture<SubmitOutcome> submit(final ChangeSet changeSet) {
        return submit(changeSet, false);
    }

    /**
     * Submits a change set; waits while the window is full.
     *
     * @param changeSet what to submit
     * @param wantWinners whether the outcome shall carry winners
     * @return completes with the outcome, or with a {@link ClientException}
     */
    public CompletableFuture<SubmitOutcome> submit(final ChangeSet changeSet, final boolean wantWinners) {
        return new CompletableFuture<>();
    }

    /**
     * Submits a change set and waits for its outcome.
     *
     * @param changeSet what to submit
     * @return the outcome
     * @throws ClientException if it was refused
     */
    public SubmitOutcome submitAndWait(final ChangeSet changeSet) {
        return submit(changeSet).join();
    }

    /**
     * Subscribes; one subscription a client.
     *
     * @param cursor where to start
     * @param excludeOwn leaves out effects of the context's own sites
     * @param listener gets deliveries on a thread of its own
     * @throws ClientException if the client is closed or already subscribed
     */
    public void subscribe(final Cursor cursor, final boolean excludeOwn, final DeliveryListener listener) {}

    /**
     * Subscribes to everything after a cursor; one subscription a client.
     *
     * @param cursor where to start
     * @param listener gets deliveries on a thread of its own
     * @throws ClientException if the client is closed or already subscribed
     */
    public void subscribe(final Cursor cursor, final DeliveryListener listener) {
        subscribe(cursor, false, listener);
    }

    /**
     * Ends the subscription and waits until no delivery follows.
     *
     * @return the last sequence delivered
     */
    public long unsubscribe() {
        return 0;
    }

    /**
     * Tells the node that everything up to here is kept.
     *
     * @param sequence of a delivery
     */
    public void ackCursor(final long sequence) {}

    /**
     * The state at exactly one sequence, checked against the node's digest.
     *
     * @return a replica whose cursor says which; subscribe from there to follow
     * @throws ClientException if it could not be read, or differs from the digest
     */
    public Replica readState() {
        return null;
    }

    /**
     * How the node is.
     *
     * @return values by name, a Long or a String each, in the node's order
     * @throws ClientException if it was refused
     */
    public Map<String, Object> status() {
        return Map.of();
    }

    /**
     * Prunes the database.
     *
     * @param horizonMs tombstones set more than this before now go; at least 0
     * @return tombstones removed
     * @throws ClientException if it was refused
     */
    public long prune(final long horizonMs) {
        return 0;
    }

    /** Closes in order: everything in flight is answered first, within the linger time. */
    @Override
    public void close() {}
}
