package io.lockstep.client.offline;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import java.util.List;

/**
 * Reads the state over a connection and on a thread of its own, while the outbox goes on being sent: out of the node's newest
 * snapshot where there is one.
 */
final class StateFetch implements Runnable {
    private static final long JOIN_MS = 10_000;
    private static final int SNAPSHOTS_SINCE_VERSION = 1;

    private final OfflineContext context;
    private final List<TableFilter> filters;
    private final ResetCause cause;
    private final Runnable wakeup;
    private final Thread thread;
    private volatile Progress progress;
    private volatile Replica replica;
    private volatile ClientException failure;

    /** Bytes of a snapshot. */
    record Progress(long read, long total) {}

    /**
     * Starts to read.
     *
     * @param filters which part
     * @param cause why
     * @param wakeup is called on the fetch's thread after each page, and at the end
     */
    StateFetch(
            final OfflineContext context,
            final List<TableFilter> filters,
            final ResetCause cause,
            final Runnable wakeup) {
        this.context = context;
        this.filters = filters;
        this.cause = cause;
        this.wakeup = wakeup;
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

    /** How far it is; null where that is not known. */
    Progress progress() {
        return progress;
    }

    private void onPage(final SnapshotPage page) {
        progress = new Progress(page.bytesRead(), page.bytesTotal());
        wakeup.run();
    }

    @Override
    public void run() {
        try (BlockingClient client = BlockingClient.connect(context.client())) {
            client.openDatabase(DatabaseOptions.existing(context.database().name()));
            replica = client.session().version() < SNAPSHOTS_SINCE_VERSION
                    ? client.readState(filters)
                    : client.bootstrap(filters, this::onPage);
        } catch (final ClientException e) {
            failure = e;
        } catch (final RuntimeException e) {
            failure = new ClientException(ErrorCodes.NOT_ALLOWED, "the state could not be read: " + e);
            failure.initCause(e);
        } finally {
            wakeup.run();
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
