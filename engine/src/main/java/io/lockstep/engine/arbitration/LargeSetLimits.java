package io.lockstep.engine.arbitration;

import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;

/** Limits of change sets that are decided in slices. */
public final class LargeSetLimits {
    /** Entries of a slice, which others wait for. */
    static final int SLICE_ENTRIES = 128;

    private LargeSetLimits() {}

    /**
     * Most changes and migrations.
     *
     * @param messageBytesMax of an answer
     * @return so many that an outcome of each, and as much for winners, fits an answer
     */
    public static int changesMax(final int messageBytesMax) {
        return Math.min(ChangesDecoder.countMaxValue(), messageBytesMax / 2);
    }
}
