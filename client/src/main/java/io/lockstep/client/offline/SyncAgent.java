package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import io.lockstep.client.store.StoreException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The database's own thread: keeps a {@link NodeLink} as long as there is hope for one, writes down what it hears, tells the
 * application, and looks after the local file.
 */
final class SyncAgent implements Runnable {
    private static final long IDLE_WAIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final OfflineContext context;
    private final LocalDatabase database;
    private final Teller teller;
    private final Runnable onProgress;
    private final Thread thread;
    private volatile NodeLink link;
    private volatile List<TableFilter> filters;
    private volatile boolean closing;
    private volatile SyncState state = SyncState.OFFLINE;
    private volatile long nodeSequence;
    private volatile StoreException closeFailure;
    private StateFetch fetch;
    private StateFetch.Progress toldProgress;
    private long linkNotBeforeNs;
    private long fetchNotBeforeNs;
    private long keepNotBeforeNs;
    private long compactNotBeforeNs;
    private long keptPosition = -1;

    SyncAgent(final OfflineContext context, final LocalDatabase database, final Runnable onProgress) {
        this.context = context;
        this.database = database;
        this.onProgress = onProgress;
        filters = context.filters();
        teller = new Teller(context.listener(), database);
        final long nowNs = nowNs();
        linkNotBeforeNs = nowNs;
        fetchNotBeforeNs = nowNs;
        keepNotBeforeNs = nowNs;
        compactNotBeforeNs = nowNs;
        thread = new Thread(this, "lockstep-offline");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    SyncState state() {
        return state;
    }

    long nodeSequence() {
        return nodeSequence;
    }

    /** Wants another part of the database. Any thread. */
    void filters(final List<TableFilter> newFilters) {
        filters = List.copyOf(newFilters);
        wakeup();
    }

    /** There is something to do. Any thread. */
    void wakeup() {
        final NodeLink present = link;
        if (present != null) {
            present.wakeup();
        }
        LockSupport.unpark(thread);
    }

    /** Ends it, and waits for that. */
    void close() {
        closing = true;
        wakeup();
        if (isCurrent()) {
            throw new IllegalStateException("a call that waits, on the database's own thread");
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (closeFailure != null) {
            throw closeFailure;
        }
    }

    @Override
    public void run() {
        SyncState end = SyncState.CLOSED;
        String reason = "";
        try {
            while (!closing) {
                final int work = cycle();
                if (work > 0) {
                    onProgress.run();
                } else {
                    idle();
                }
            }
            leave();
        } catch (final StoreException e) {
            end = SyncState.FAILED;
            reason = e.getMessage();
            teller.storageFailed(e);
        } catch (final RuntimeException | Error e) {
            end = SyncState.FAILED;
            reason = "the database's thread failed: " + e;
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        } finally {
            end(end, reason);
        }
    }

    private int cycle() {
        final long nowNs = nowNs();
        int work = 0;
        try {
            work += link(nowNs);
            work += link == null ? 0 : converse();
            work += readState(nowNs);
            work += teller.decisions();
            keep(nowNs);
        } catch (final StoreException e) {
            if (e.reason() != StoreException.Reason.FULL) {
                throw e;
            }
            unlink(nowNs);
            keepNotBeforeNs = linkNotBeforeNs;
            teller.storageFailed(e);
        }
        show();
        return work;
    }

    /** Makes a link if there is none, and gives up one that is over. */
    private int link(final long nowNs) {
        if (link != null && link.isOver()) {
            unlink(nowNs);
            return 1;
        }
        if (link == null && nowNs - linkNotBeforeNs >= 0) {
            link = new NodeLink(context, database, teller);
            return 1;
        }
        return 0;
    }

    private void unlink(final long nowNs) {
        if (link != null) {
            link.close();
            link = null;
        }
        linkNotBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.retryMs());
    }

    private int converse() {
        int work = link.poll();
        nodeSequence = link.nodeSequence();
        work += link.settle();
        work += link.send();
        if (fetch == null) {
            work += link.follow(filters);
        }
        return work;
    }

    private int readState(final long nowNs) {
        if (fetch == null) {
            final boolean wanted = link != null && link.isOpen() && link.reset() != null;
            if (!wanted || nowNs - fetchNotBeforeNs < 0) {
                return 0;
            }
            fetch = new StateFetch(context, filters, link.reset(), this::wakeup);
            show();
            teller.reset(link.reset(), link.resetText());
            return 1;
        }
        final StateFetch.Progress progress = fetch.progress();
        if (progress != null && !progress.equals(toldProgress)) {
            toldProgress = progress;
            teller.stateProgress(progress.read(), progress.total());
        }
        if (!fetch.isDone()) {
            return 0;
        }
        final StateFetch done = fetch;
        fetch = null;
        if (done.replica() == null) {
            fetchNotBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.retryMs());
            teller.refused(done.failure().code(), done.failure().text());
        } else {
            take(done);
        }
        return 1;
    }

    private void take(final StateFetch done) {
        final Replica replica = done.replica();
        final Cursor cursor = replica.cursor();
        final long cells = replica.cellCount();
        database.reset(replica, done.filters(), done.cause().isOtherHistory());
        if (link != null) {
            link.resetDone();
        }
        teller.stateRead(cursor, cells);
    }

    private void keep(final long nowNs) {
        if (nowNs - keepNotBeforeNs < 0 || database.dataPosition() == keptPosition) {
            return;
        }
        keepNotBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.syncIntervalMs());
        final long sequence = database.read(LocalState::cursor).sequence();
        database.sync();
        compact(nowNs);
        keptPosition = database.dataPosition();
        if (link != null) {
            link.ack(sequence);
        }
    }

    /** A disk that is too full for another file may have room for what comes. */
    private void compact(final long nowNs) {
        if (nowNs - compactNotBeforeNs < 0) {
            return;
        }
        try {
            database.compact();
        } catch (final StoreException e) {
            if (e.reason() != StoreException.Reason.FULL) {
                throw e;
            }
            compactNotBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.retryMs());
            teller.storageFailed(e);
        }
    }

    private void idle() {
        final boolean dirty = database.dataPosition() != keptPosition;
        final long waitNs =
                dirty ? Math.min(IDLE_WAIT_NS, TimeUnit.MILLISECONDS.toNanos(context.syncIntervalMs())) : IDLE_WAIT_NS;
        if (link != null) {
            link.await(waitNs);
        } else {
            LockSupport.parkNanos(this, Math.min(waitNs, Math.max(1, linkNotBeforeNs - nowNs())));
        }
    }

    private void show() {
        final NodeLink present = link;
        final SyncState now;
        if (present == null || !present.isOpen()) {
            now = SyncState.OFFLINE;
        } else if (fetch != null || present.reset() != null) {
            now = SyncState.READING_STATE;
        } else if (!present.isFollowing()) {
            now = SyncState.CONNECTED;
        } else {
            final boolean live = database.read(LocalState::cursor).sequence() >= present.liveSequence();
            now = live ? SyncState.LIVE : SyncState.CATCHING_UP;
        }
        if (now != state) {
            state = now;
            onProgress.run();
        }
        teller.state(now, now == SyncState.OFFLINE && present != null ? present.lastReason() : "");
    }

    /** An orderly end: what the node has in hand is answered, within the linger time. */
    private void leave() {
        if (link == null || !link.isOpen()) {
            return;
        }
        link.requestClose();
        final long deadlineNs =
                nowNs() + TimeUnit.MILLISECONDS.toNanos(context.client().lingerMs());
        while (!link.isOver() && nowNs() - deadlineNs < 0) {
            if (link.poll() + link.settle() == 0) {
                link.await(Math.max(1, Math.min(IDLE_WAIT_NS, deadlineNs - nowNs())));
            }
        }
        link.settle();
        teller.decisions();
    }

    private void end(final SyncState last, final String reason) {
        if (link != null) {
            link.close();
        }
        if (fetch != null) {
            fetch.stop();
        }
        try {
            database.close();
        } catch (final StoreException e) {
            closeFailure = e;
        }
        state = last;
        onProgress.run();
        teller.state(last, reason);
    }

    private long nowNs() {
        return context.client().clock().nanoTime();
    }
}
