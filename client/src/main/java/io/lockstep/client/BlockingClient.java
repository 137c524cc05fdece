package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

/**
 * The simple client: a {@link LockstepClient} that polls on a thread of its own. Safe for use by several threads.
 *
 * <p>Futures complete on the client's thread: what depends on them must not block. Calls that wait must not come from
 * that thread.
 */
public final class BlockingClient implements AutoCloseable {
    private static final int STATE_ATTEMPTS = 3;
    private static final long JOIN_SLACK_MS = 1_000;

    private final ClientContext context;
    private final FutureListener listener;
    private final ClientThread thread;
    private final Semaphore window;
    private volatile DatabaseOptions database;
    private volatile DeliveryDispatcher dispatcher;

    private BlockingClient(final ClientContext context, final int attemptsMax) {
        this.context = context;
        listener = new FutureListener(attemptsMax);
        thread = new ClientThread(context, listener);
        window = new Semaphore(context.inFlightMax());
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
        if (thread.isCurrent()) {
            if (!window.tryAcquire()) {
                future.completeExceptionally(
                        new ClientException(ErrorCodes.NOT_ALLOWED, "inFlightMax=" + context.inFlightMax()));
                return future;
            }
        } else {
            try {
                window.acquire();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                future.completeExceptionally(
                        new ClientException(ErrorCodes.NOT_ALLOWED, "interrupted while the window was full"));
                return future;
            }
        }
        thread.submit(client -> client.submit(changeSet, wantWinners), future);
        return future.whenComplete((outcome, error) -> window.release());
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
     * Subscribes to everything after a cursor; one subscription a client.
     *
     * @param cursor where to start
     * @param deliveries gets deliveries on a thread of its own
     * @throws ClientException if the client is closed or already subscribed
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
        final DatabaseOptions options = database;
        if (options == null) {
            throw new ClientException(ErrorCodes.NOT_ALLOWED, "no database is open");
        }
        if (isSubscribed()) {
            try (BlockingClient other = connect(context)) {
                other.openDatabase(DatabaseOptions.existing(options.name()));
                return other.readState(filters);
            }
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return new StateReader(options.name(), session().incarnation(), filters.isEmpty())
                        .read(new StateSource(this, filters, listener::sessions, context.callTimeoutMs()));
            } catch (final ClientException e) {
                if (e.code() != ErrorCodes.CONNECTION_LOST || attempt == STATE_ATTEMPTS) {
                    throw e;
                }
            }
        }
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

    <T> T call(final ToLongFunction<LockstepClient> request, final CompletableFuture<T> future) {
        thread.request(request, future);
        return await(future, context.callTimeoutMs());
    }

    <T> T await(final CompletableFuture<T> future, final long timeoutMs) {
        if (thread.isCurrent()) {
            throw new ClientException(ErrorCodes.NOT_ALLOWED, "a call that waits, on the client's own thread");
        }
        try {
            return future.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ErrorCodes.TIMED_OUT, "interrupted");
        } catch (final TimeoutException e) {
            final ClientException cause =
                    new ClientException(ErrorCodes.TIMED_OUT, "no answer in time: limitMs=" + timeoutMs);
            future.completeExceptionally(cause);
            throw cause;
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof ClientException cause) {
                final ClientException here = new ClientException(
                        cause.code(), cause.retryAfterMs(), cause.limitValue(), cause.actualValue(), cause.text());
                here.initCause(cause);
                throw here;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
