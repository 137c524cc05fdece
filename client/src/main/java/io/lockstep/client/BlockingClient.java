package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The simple client: a {@link LockstepClient} that polls on a thread of its own. Safe for use by several threads.
 *
 * <p>Futures complete on the client's thread: what depends on them must not block. Calls that wait must not come from
 * that thread.
 */
public final class BlockingClient implements AutoCloseable {
    private static final long JOIN_SLACK_MS = 1_000;

    private final ClientContext context;
    private final FutureListener listener;
    private final ClientThread thread;
    private final SubmitWindow window;
    private volatile DatabaseOptions database;
    private volatile DeliveryDispatcher dispatcher;

    private BlockingClient(final ClientContext context, final int attemptsMax) {
        this.context = context;
        listener = new FutureListener(attemptsMax);
        thread = new ClientThread(context, listener);
        window = new SubmitWindow(context.inFlightMax());
    }

    /**
     * Connects, failing fast: when every address was tried once without success.
     *
     * @param context is concluded
     * @return a client that is connected
     * @throws ClientException saying why it could not
     */
    public static BlockingClient connect(final ClientContext context) {
        context.conclude();
        final int addresses = context.addresses().size();
        return connect(context, addresses, addresses * context.connectTimeoutMs() + JOIN_SLACK_MS);
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
        return connect(context, Integer.MAX_VALUE, waitMs);
    }

    private static BlockingClient connect(final ClientContext context, final int attemptsMax, final long waitMs) {
        final BlockingClient client = new BlockingClient(context, attemptsMax);
        client.thread.start();
        try {
            client.await(client.listener.connected(), waitMs);
        } catch (final ClientException e) {
            client.close();
            throw e;
        }
        return client;
    }

    /**
     * What the node last said in its welcome.
     *
     * @return the session
     */
    public SessionInfo session() {
        return listener.session();
    }

    /**
     * Binds the client to its database, now and after each reconnect.
     *
     * @param options which
     * @return what the node said of it
     * @throws ClientException if it was refused
     */
    public DatabaseInfo openDatabase(final DatabaseOptions options) {
        final CompletableFuture<DatabaseInfo> future = new CompletableFuture<>();
        final DatabaseInfo info = call(client -> client.openDatabase(options), future);
        database = options;
        return info;
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
     * Submits a change set; waits while the window is full. On the client's own thread, which must not wait, a full
     * window fails the future.
     *
     * @param changeSet what to submit
     * @param wantWinners whether the outcome shall carry winners
     * @return completes with the outcome, or with a {@link ClientException}
     */
    public CompletableFuture<SubmitOutcome> submit(final ChangeSet changeSet, final boolean wantWinners) {
        final CompletableFuture<SubmitOutcome> future = new CompletableFuture<>();
        final ClientException full = window.enter(!thread.isCurrent());
        if (full != null) {
            future.completeExceptionally(full);
            return future;
        }
        thread.submit(client -> client.submit(changeSet, wantWinners), future);
        return future.whenComplete((outcome, error) -> window.leave());
    }

    /**
     * Submits a change set and waits for its outcome, through reconnects if need be.
     *
     * @param changeSet what to submit
     * @return the outcome
     * @throws ClientException if it was refused
     */
    public SubmitOutcome submitAndWait(final ChangeSet changeSet) {
        return await(submit(changeSet), Long.MAX_VALUE);
    }

    /**
     * Subscribes; one subscription a client.
     *
     * @param cursor where to start
     * @param excludeOwn leaves out effects of the context's own sites
     * @param filters what matches; none for everything
     * @param deliveries gets deliveries on a thread of its own
     * @throws ClientException if the client is closed or already subscribed
     */
    public void subscribe(
            final Cursor cursor,
            final boolean excludeOwn,
            final List<TableFilter> filters,
            final DeliveryListener deliveries) {
        final DeliveryDispatcher created = new DeliveryDispatcher(
                deliveries,
                bytes -> thread.execute(() -> thread.client().grantCredit(bytes)),
                () -> thread.request(LockstepClient::unsubscribe, new CompletableFuture<Long>()));
        final CompletableFuture<Void> taken = new CompletableFuture<>();
        thread.execute(() -> {
            final long id = thread.client().subscribe(cursor, excludeOwn, filters);
            if (id < 0) {
                taken.completeExceptionally(new ClientException(
                        id == Refusal.CLOSED ? ErrorCodes.CLIENT_CLOSED : ErrorCodes.NOT_ALLOWED,
                        "subscribe: " + Refusal.name(id)));
            } else {
                created.start(id);
                listener.dispatcher(created);
                dispatcher = created;
                taken.complete(null);
            }
        });
        await(taken, context.callTimeoutMs());
    }

    /**
     * Subscribes to everything after a cursor, like {@link #subscribe(Cursor, boolean, List, DeliveryListener)}.
     *
     * @param cursor where to start
     * @param deliveries gets deliveries on a thread of its own
     */
    public void subscribe(final Cursor cursor, final DeliveryListener deliveries) {
        subscribe(cursor, false, TableFilter.ALL, deliveries);
    }

    /**
     * Changes the filters of the subscription without starting over.
     *
     * @param filters what matches; none for everything
     * @return they hold for everything after this sequence
     * @throws ClientException if there is no subscription, or they were refused
     */
    public long changeFilters(final List<TableFilter> filters) {
        return call(client -> client.changeFilters(filters), new CompletableFuture<Long>());
    }

    /**
     * Ends the subscription, and waits until everything delivered was handed to the listener (unless the listener
     * itself calls).
     *
     * @return the last sequence delivered
     * @throws ClientException if there is none
     */
    public long unsubscribe() {
        final DeliveryDispatcher ending = dispatcher;
        final CompletableFuture<Long> future = new CompletableFuture<>();
        final long sequence = call(LockstepClient::unsubscribe, future);
        if (ending != null && !ending.isCurrent()) {
            ending.join();
        }
        return sequence;
    }

    /**
     * Tells the node that everything up to here is kept.
     *
     * @param sequence of a delivery
     */
    public void ackCursor(final long sequence) {
        thread.execute(() -> thread.client().ackCursor(sequence));
    }

    /**
     * The state at exactly one sequence, checked against the node's digest. Reads over a connection of its own while
     * this client is subscribed.
     *
     * @return a replica whose cursor says which; subscribe from there to follow
     * @throws ClientException if it could not be read, or differs from the digest
     */
    public Replica readState() {
        return readState(TableFilter.ALL);
    }

    /**
     * A part of the state at exactly one sequence; the node sends no more than that.
     *
     * @param filters what matches; none for everything, which is checked against the node's digest
     * @return a replica whose cursor says which sequence; subscribe from there with the same filters to follow
     * @throws ClientException if it could not be read
     */
    public Replica readState(final List<TableFilter> filters) {
        return unsubscribed(client -> client.reading(filters).state());
    }

    /**
     * The state at exactly one sequence, like {@link #readState(List)}, but out of the node's newest snapshot and the
     * journal after it, which costs other clients nothing and goes on after a lost connection. Where no snapshot holds the
     * database yet, the state is read from arbitration.
     *
     * @param filters what matches; none for everything, which is checked against the node's digest
     * @param progress sees each page after it was taken
     * @return a replica whose cursor says which sequence; subscribe from there with the same filters to follow
     * @throws ClientException if it could not be read, or differs from the digest
     */
    public Replica bootstrap(final List<TableFilter> filters, final SnapshotListener progress) {
        return unsubscribed(client -> client.reading(filters).bootstrap(progress));
    }

    /**
     * The pages of the node's newest snapshot, for who keeps them elsewhere. They are no moment of the state: the deliveries
     * after their sequence up to the last one's exact sequence belong to it.
     *
     * @param filters what matches; none for everything
     * @param from where to go on; {@link Checkpoint#START} to begin
     * @param listener gets the pages
     * @return the last page; null where no snapshot holds the database yet
     * @throws ClientException if it could not be read
     */
    public SnapshotPage readSnapshot(
            final List<TableFilter> filters, final Checkpoint from, final SnapshotListener listener) {
        return reading(filters).snapshot(from, listener);
    }

    private StateReading reading(final List<TableFilter> filters) {
        return new StateReading(this, openName(), filters, listener::sessions, context.callTimeoutMs());
    }

    /** By this client, or by another while this one is subscribed. */
    private Replica unsubscribed(final Function<BlockingClient, Replica> read) {
        if (!isSubscribed()) {
            return read.apply(this);
        }
        try (BlockingClient other = connect(context)) {
            other.openDatabase(DatabaseOptions.existing(openName()));
            return read.apply(other);
        }
    }

    private String openName() {
        final DatabaseOptions options = database;
        if (options == null) {
            throw new ClientException(ErrorCodes.NOT_ALLOWED, "no database is open");
        }
        return options.name();
    }

    /**
     * How the node is.
     *
     * @return values by name, a Long or a String each, in the node's order
     * @throws ClientException if it was refused
     */
    public Map<String, Object> status() {
        return call(LockstepClient::readStatus, new CompletableFuture<Map<String, Object>>());
    }

    /**
     * Prunes the database.
     *
     * @param horizonMs tombstones set more than this before now go; at least 0
     * @return tombstones removed
     * @throws ClientException if it was refused
     */
    public long prune(final long horizonMs) {
        return call(client -> client.prune(horizonMs), new CompletableFuture<Long>());
    }

    /**
     * Replaces the session's token by another of the same principal.
     *
     * @param token the new one
     * @return when it expires, milliseconds since 1970, 0 never
     * @throws ClientException if it was refused
     */
    public long refreshToken(final String token) {
        return call(client -> client.refreshToken(token), new CompletableFuture<Long>());
    }

    /**
     * Whether it is over.
     *
     * @return true for good
     */
    public boolean isClosed() {
        return thread.isEnded();
    }

    /** Closes in order: everything in flight is answered first, within the linger time. */
    @Override
    public void close() {
        thread.execute(() -> thread.client().requestClose());
        if (!thread.isCurrent()) {
            thread.join(context.lingerMs() + JOIN_SLACK_MS);
        }
    }

    private boolean isSubscribed() {
        final CompletableFuture<Boolean> future = new CompletableFuture<>();
        thread.execute(() -> future.complete(thread.client().cursor() != null));
        return await(future, context.callTimeoutMs());
    }

    void request(final ToLongFunction<LockstepClient> request, final CompletableFuture<?> future) {
        thread.request(request, future);
    }

    <T> T call(final ToLongFunction<LockstepClient> request, final CompletableFuture<T> future) {
        thread.request(request, future);
        return await(future, context.callTimeoutMs());
    }

    <T> T await(final CompletableFuture<T> future, final long timeoutMs) {
        if (thread.isCurrent()) {
            throw new ClientException(ErrorCodes.NOT_ALLOWED, "a call that waits, on the client's own thread");
        }
        return Waits.await(future, timeoutMs);
    }
}
