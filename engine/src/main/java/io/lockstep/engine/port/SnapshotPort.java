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
     * Everything was written. The snapshot counts once a position is committed.
     *
     * @param position last record that the scan may have seen
     */
    void complete(long position);
}
