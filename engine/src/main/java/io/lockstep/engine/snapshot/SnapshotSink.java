package io.lockstep.engine.snapshot;

/** Takes the blocks of one snapshot, in order. One thread; no call may block. */
public interface SnapshotSink {
    /**
     * A block to fill.
     *
     * @return null while all of them wait to be written
     */
    SnapshotBlock take();

    /**
     * Takes a block that was filled; its buffer must not be touched after.
     *
     * @param block of {@link #take}
     */
    void write(SnapshotBlock block);
}
