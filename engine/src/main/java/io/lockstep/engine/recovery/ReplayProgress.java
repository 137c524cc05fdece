package io.lockstep.engine.recovery;

/** Told how far a replay has come, on its thread. */
@FunctionalInterface
public interface ReplayProgress {
    /** Nobody wants to know. */
    ReplayProgress NONE = (position, lastPosition) -> {};

    /**
     * So many records are replayed.
     *
     * @param position of the last one
     * @param lastPosition where the replay ends
     */
    void onReplayed(long position, long lastPosition);
}
