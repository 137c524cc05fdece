package io.lockstep.engine.record;

/** What a {@link RecordCheck} found; the first thing that is wrong, in this order. */
public enum RecordVerdict {
    /** Nothing wrong. */
    GOOD,
    /** Fewer bytes than the smallest record has. */
    TOO_SHORT,
    /** The message header is not that of a journal record of this schema. */
    BAD_HEADER,
    /** The magic is another. */
    BAD_MAGIC,
    /** The length field does not say how many bytes there are. */
    BAD_LENGTH,
    /** The CRC does not match: bytes were changed or never arrived. */
    BAD_CRC,
    /** The CRC matches, but the bytes are not a record that a decoder may read. */
    BAD_STRUCTURE,
    /** A whole record, but of another position. */
    BAD_POSITION,
    /** A whole record, but it does not follow the one before it. */
    BAD_LINK,
    /** The keyed hash does not match: not written by this journal. */
    BAD_HASH;

    /**
     * Whether the record may be used.
     *
     * @return true for {@link #GOOD} alone
     */
    public boolean good() {
        return this == GOOD;
    }
}
