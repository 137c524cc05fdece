package io.lockstep.engine.arbitration;

import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;
import io.lockstep.codec.value.HlcDescriptor;

/** Limits of change sets that are decided in slices. */
public final class LargeSetLimits {
    /** Longest value in its encoding, and longest before-image: 16 MiB of text, what its encoding adds, and a clock. */
    public static final int VALUE_BYTES_MAX = (16 << 20) + 1 + Integer.BYTES + HlcDescriptor.LENGTH;

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
