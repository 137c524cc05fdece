package io.lockstep.engine.arbitration;

import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;
import io.lockstep.codec.value.HlcDescriptor;

/** Limits of change sets that are decided in slices. */
public final class LargeSetLimits {
    /** Longest value, and longest before-image: bytes of a text, without what its encoding or a clock adds. */
    public static final int VALUE_BYTES_MAX = 16 << 20;

    /** What the encoding of a text or a blob adds: its type, and its length. */
    private static final int ENCODING_BYTES = 1 + Integer.BYTES;

    /** Entries of a slice, which others wait for. */
    static final int SLICE_ENTRIES = 128;

    private LargeSetLimits() {}

    /** Bytes of a change's longest value, of which there may be {@link #VALUE_BYTES_MAX}. */
    static int valueBytes(final int valueLength, final int beforeLength, final boolean delete) {
        final int before = delete ? beforeLength : beforeLength - HlcDescriptor.LENGTH;
        return Math.max(0, Math.max(valueLength, before) - ENCODING_BYTES);
    }

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
