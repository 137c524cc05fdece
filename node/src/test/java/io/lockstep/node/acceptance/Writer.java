package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.SessionInfo;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.codec.SubmitResultDecoder;

/** A session that writes to one database, one cell a set over a thousand rows, each set with an effect. */
final class Writer implements ClientListener, AutoCloseable {
    private static final long FIRST_WALL_MS = 1_600_000_000_000L;
    private static final int ROWS = 1_000;
    private static final long WAIT_NS = 1_000_000;

    private final String database;
    private final Site site;
    private final LockstepClient client;
    private boolean open;
    private long submitted;
    private long answered;
    private String trouble;

    Writer(final String address, final String database) {
        this.database = database;
        site = new Site(7, database.hashCode());
        client = new LockstepClient(
                new ClientContext().addresses(address).sites(site).conclude(), this);
        while (!open) {
            pollOrWait();
        }
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
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        answered++;
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

    /** Submits one set; false if the window is full. */
    boolean submit() {
        final ChangeSet set = ChangeSet.builder(site, FIRST_WALL_MS + submitted, 0)
                .write("main", "t", Key.ofInteger(submitted % ROWS), "c", Value.ofInteger(submitted))
                .build();
        if (client.submit(set) < 0) {
            return false;
        }
        submitted++;
        return true;
    }

    /** Writes so many more sets and waits until all are answered. */
    Writer write(final long count) {
        final long target = submitted + count;
        while (answered < target) {
            boolean more = submitted < target;
            for (int i = 0; i < 64 && more; i++) {
                more = submit() && submitted < target;
            }
            pollOrWait();
        }
        return this;
    }

    void poll() {
        client.poll();
        if (trouble != null) {
            throw new AssertionError("database=" + database + ": " + trouble);
        }
    }

    private void pollOrWait() {
        final int work = client.poll();
        poll();
        if (work == 0) {
            client.await(WAIT_NS);
        }
    }

    long answered() {
        return answered;
    }

    long submitted() {
        return submitted;
    }

    @Override
    public void close() {
        client.close();
    }
}
