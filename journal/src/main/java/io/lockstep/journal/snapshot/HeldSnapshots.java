package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.DatabaseLoader;

/**
 * Which snapshot is the newest that is whole, and of which walk: databases may leave memory that it holds as they are, and
 * are read from it again. Any thread asks; the one that writes snapshots tells.
 */
final class HeldSnapshots {
    private static final long NO_WALK = -1;

    private record Held(SnapshotFile file, long walk) {}

    private final DatabaseReader reader;
    private volatile Held held;
    private volatile long begunWalk;

    HeldSnapshots(final SnapshotContext context) {
        held = new Held(context.startedFrom(), context.startedFrom() == null ? NO_WALK : 0);
        reader = new DatabaseReader(this::file, context.wakeUp());
    }

    static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        reader.start();
    }

    /** A walk begins. */
    void begun(final long walk) {
        begunWalk = walk;
    }

    /** The snapshot of the walk that was begun last is whole. */
    void published(final SnapshotFile file) {
        held = new Held(file, begunWalk);
    }

    /** Null if there is none. */
    SnapshotFile file() {
        return held.file();
    }

    long walk() {
        return held.walk();
    }

    DatabaseLoader loader() {
        return reader;
    }

    /** Databases that left memory cannot be read. */
    void fail(final Exception cause) {
        reader.fail(cause);
    }

    void close() {
        reader.close();
    }
}
