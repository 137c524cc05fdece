package io.lockstep.engine.port;

import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotSink;

/**
 * Where snapshots go. Called by the arbitrate stage's thread alone, and no call may block. Between two calls of
 * {@link #complete} comes one snapshot: its blocks in order.
 */
public interface SnapshotPort extends SnapshotSink {
    /** Never wants one. */
    SnapshotPort NONE = new SnapshotPort() {
        @Override
        public boolean due() {
            return false;
        }

        @Override
        public SnapshotBlock take() {
            return null;
        }

        @Override
        public void write(final SnapshotBlock block) {
            throw new IllegalStateException("there is nothing to write");
        }

        @Override
        public void complete(final long position) {}
    };

    /**
     * Whether a snapshot should be started now. A volatile read at most.
     *
     * @return true until one was started
     */
    boolean due();

    /**
     * A walk begins: what comes up to {@link #complete} is of it.
     *
     * @param walk 1, 2, 3 ...
     */
    default void begun(final long walk) {}

    /**
     * Whose snapshot is the newest that is whole and committed: what it holds may leave memory. A volatile read at most.
     *
     * @return a walk that was begun; 0 for the snapshot that the node started from; -1 for none
     */
    default long held() {
        return -1;
    }

    /** Asks for a snapshot soon: much could leave memory that no snapshot holds yet. */
    default void want() {}

    /**
     * Reads databases again that left memory.
     *
     * @return of the snapshots of this port
     */
    default DatabaseLoader loader() {
        return DatabaseLoader.NONE;
    }

    /**
     * Everything was written. The snapshot counts once a position is committed.
     *
     * @param position last record that the scan may have seen
     */
    void complete(long position);
}
