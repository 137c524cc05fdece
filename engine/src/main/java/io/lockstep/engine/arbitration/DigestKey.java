package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.SipHash;
import io.lockstep.codec.hash.StateDigest;
import org.agrona.DirectBuffer;

/** The keyed hashes of the digests: the key is the journal's incarnation. */
final class DigestKey {
    private final long high;
    private final long low;
    private final SipHash words = SipHash.sipHash13();
    private final StateDigest digest;
    private final LongValue longValue;

    DigestKey(final long high, final long low) {
        this.high = high;
        this.low = low;
        digest = new StateDigest(high, low);
        longValue = new LongValue(this);
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    StateDigest digest() {
        return digest;
    }

    /** For a value to begin, fill and take before the next call of this. */
    LongValue longValue() {
        return longValue;
    }

    /** rowHash64 of the row of a change, whose identity stands in the command as it is hashed. */
    long rowHash(final ChangeCursor change) {
        return hash(change.buffer(), change.row(), change.rowLength());
    }

    long columnHash(final ChangeCursor change) {
        return hash(change.buffer(), change.column(), change.columnLength());
    }

    /** A hash to feed and finish before the next call of this. */
    SipHash start() {
        return words.init(high, low);
    }

    long bytesHash(final DirectBuffer buffer, final int offset, final int length) {
        return hash(buffer, offset, length);
    }

    private long hash(final DirectBuffer buffer, final int offset, final int length) {
        return SipHash.hash13(high, low, buffer, offset, length);
    }
}
