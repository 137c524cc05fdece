package io.lockstep.engine.bootstrap;

import io.lockstep.codec.frame.FrameLimits;
import org.agrona.MutableDirectBuffer;

/** Writes a place so that a client can keep it, and cannot make one up. */
@FunctionalInterface
public interface CheckpointWriter {
    /** The most that it writes, bytes. */
    int BYTES_MAX = FrameLimits.CHECKPOINT_BYTES_MAX;

    /**
     * Writes a place.
     *
     * @param place to go on from
     * @param out with room for {@link #BYTES_MAX}
     * @param offset of the first byte
     * @return bytes written
     */
    int write(SnapshotPlace place, MutableDirectBuffer out, int offset);
}
