package io.lockstep.client.offline;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import java.util.List;

/** Reads the state over a connection and on a thread of its own, while the outbox goes on being sent. */
final class StateFetch implements Runnable {
    private static final long JOIN_MS = 10_000;

    private final OfflineContext context;
    private final List<TableFilter> filters;
    private final ResetCause cause;
    private final Runnable done;
    private final Thread thread;
    private volatile Replica replica;
    private volatile ClientException failure;

    /**
     * Starts to read.
     *
     * @param filters which part
     * @param cause why
     * @param done is called on the fetch's thread at the end
     */
    StateFetch(
            final OfflineContext context,
            final List<TableFilter> filters,
            final ResetCause cause,
            final Runnable done) {
        this.context = context;
        this.filters = filters;
        this.cause = cause;
        this.done = done;
        thread = new Thread(this, "lockstep-offline-state");
        thread.setDaemon(true);
        thread.start();
    }

    List<TableFilter> filters() {
        return filters;
    }

    ResetCause cause() {
        return cause;
    }

    boolean isDone() {
        return replica != null || failure != null;
    }

    /** What was read; null if it failed. */
    Replica replica() {
        return replica;
    }

    ClientException failure() {
        return failure;
    }

    @Override
    public void run() {
        try (BlockingClient client = BlockingClient.connect(context.client())) {
            client.openDatabase(DatabaseOptions.existing(context.database().name()));
            replica = client.readState(filters);
        } catch (final ClientException e) {
            failure = e;
        } catch (final RuntimeException e) {
            failure = new ClientException(ErrorCodes.NOT_ALLOWED, "the state could not be read: " + e);
            failure.initCause(e);
        } finally {
            done.run();
        }
    }

    /** Gives up. */
    void stop() {
        thread.interrupt();
        try {
            thread.join(JOIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
