package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.SipHash;
import org.agrona.DirectBuffer;

/** The keyed hash of all lookup tables of a node; its key is random at every start and shows in no output. */
final class TableHash {
    private final long k0;
    private final long k1;
    private final SipHash words = SipHash.sipHash13();

    TableHash(final long k0, final long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    int hash(final DirectBuffer buffer, final int offset, final int length) {
        return (int) SipHash.hash13(k0, k1, buffer, offset, length);
    }

    /** A hash to feed and finish before the next call of this. */
    SipHash start() {
        return words.init(k0, k1);
    }
}
