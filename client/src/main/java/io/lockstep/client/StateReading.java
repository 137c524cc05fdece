package io.lockstep.client;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import java.util.List;
import java.util.function.LongSupplier;

/** The ways to get the state of a database for who has nothing yet. A thread that may wait. */
final class StateReading {
    private static final int ATTEMPTS_MAX = 3;

    private final BlockingClient client;
    private final String database;
    private final List<TableFilter> filters;
    private final LongSupplier sessions;
    private final long callTimeoutMs;

    StateReading(
            final BlockingClient client,
            final String database,
            final List<TableFilter> filters,
            final LongSupplier sessions,
            final long callTimeoutMs) {
        this.client = client;
        this.database = database;
        this.filters = filters;
        this.sessions = sessions;
        this.callTimeoutMs = callTimeoutMs;
    }

    /** From arbitration; once more when the connection is lost. */
    Replica state() {
        for (int attempt = 1; ; attempt++) {
            try {
                return reader().read(source());
            } catch (final ClientException e) {
                if (e.code() != ErrorCodes.CONNECTION_LOST || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /** Out of the newest snapshot; null where none holds the database. */
    SnapshotPage snapshot(final Checkpoint from, final SnapshotListener listener) {
        final StateSource source = source();
        return new SnapshotReader(source::snapshotPage, source::await, ATTEMPTS_MAX).read(from, listener);
    }

    /** Out of the newest snapshot and the journal after it, or from arbitration. */
    Replica bootstrap(final SnapshotListener progress) {
        for (int attempt = 1; ; attempt++) {
            try {
                return bootstrapOnce(progress);
            } catch (final ClientException e) {
                // The history after the snapshot went while it was read: there is a newer one.
                if (e.code() != ErrorCodes.RESET_REQUIRED || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
                progress.onStartOver(e.text());
            }
        }
    }

    private Replica bootstrapOnce(final SnapshotListener progress) {
        final Loader loader = new Loader(database, progress);
        final SnapshotPage last = snapshot(Checkpoint.START, loader);
        if (last == null) {
            return state();
        }
        final Cursor first = last.check() == 0
                ? Cursor.after(database, last.sequence())
                : new Cursor(database, client.session().incarnation(), last.sequence(), last.check());
        reader().finish(loader.replica, source(), first, last.exactSequence(), last.digestHigh(), last.digestLow());
        return loader.replica;
    }

    private StateReader reader() {
        return new StateReader(database, client.session().incarnation(), filters.isEmpty());
    }

    private StateSource source() {
        return new StateSource(client, filters, sessions, callTimeoutMs);
    }

    /** Puts pages into a replica; a new one when reading starts over. */
    private static final class Loader implements SnapshotListener {
        private final String database;
        private final SnapshotListener progress;
        private Replica replica;

        Loader(final String database, final SnapshotListener progress) {
            this.database = database;
            this.progress = progress;
            replica = new Replica(database);
        }

        @Override
        public void onPage(final SnapshotPage page) {
            replica.load(page);
            progress.onPage(page);
        }

        @Override
        public void onStartOver(final String reason) {
            replica = new Replica(database);
            progress.onStartOver(reason);
        }
    }
}
