package io.lockstep.engine.record;

import static io.lockstep.engine.record.RecordDescriptor.COVERED_OFFSET;

import io.lockstep.codec.hash.SipHash;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The hash that chains records: SipHash-1-3, keyed by the incarnation, over the covered bytes with the hash field as
 * zero. The record's previousHash is among these bytes. One thread; allocates nothing.
 */
final class RecordHash {
    private static final int HASH_IN_COVERED = RecordDescriptor.HASH_OFFSET - COVERED_OFFSET;
    private static final int AFTER_HASH = RecordDescriptor.HASH_OFFSET + Long.BYTES;

    private final SipHash streaming = SipHash.sipHash13();
    private final UnsafeBuffer staging = new UnsafeBuffer(new byte[2048]);
    private final long key0;
    private final long key1;

    RecordHash(final Incarnation incarnation) {
        key0 = incarnation.high();
        key1 = incarnation.low();
    }

    /** Hashes in place; leaves the hash field as zero. */
    long ofUnsealed(final MutableDirectBuffer buffer, final int offset, final int length) {
        buffer.putLong(offset + RecordDescriptor.HASH_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        return SipHash.hash13(key0, key1, buffer, offset + COVERED_OFFSET, length - COVERED_OFFSET);
    }

    /** Hashes a record whose hash field is filled and must not be touched. */
    long ofSealed(final DirectBuffer buffer, final int offset, final int length) {
        final int covered = length - COVERED_OFFSET;
        if (covered > staging.capacity()) {
            return ofLong(buffer, offset, length);
        }
        // One pass over a copy keeps the hash's state in registers, which costs less than going on over a gap.
        staging.putBytes(0, buffer, offset + COVERED_OFFSET, covered);
        staging.putLong(HASH_IN_COVERED, 0, ByteOrder.LITTLE_ENDIAN);
        return SipHash.hash13(key0, key1, staging, 0, covered);
    }

    private long ofLong(final DirectBuffer buffer, final int offset, final int length) {
        return streaming
                .init(key0, key1)
                .update(buffer, offset + COVERED_OFFSET, HASH_IN_COVERED)
                .update(0L)
                .update(buffer, offset + AFTER_HASH, length - AFTER_HASH)
                .finish();
    }
}
