package io.lockstep.engine.record;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Follows the chain of a journal from record to record: positions without gap, each linked to the one before, each hash
 * right. Expects records that {@link RecordCheck} has passed. One thread; allocates nothing.
 */
public final class ChainCheck {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private final RecordHash hash;
    private long lastPosition;
    private long lastHash;

    /**
     * A check that expects what follows a record.
     *
     * @param incarnation of the journal
     * @param lastPosition of the record before the next one, 0 if there is none
     * @param lastHash of the record before the next one, 0 if there is none
     */
    public ChainCheck(final Incarnation incarnation, final long lastPosition, final long lastHash) {
        this.hash = new RecordHash(incarnation);
        this.lastPosition = lastPosition;
        this.lastHash = lastHash;
    }

    /**
     * Takes the next record; moves on only if it is good.
     *
     * @param buffer holds it
     * @param offset of its first byte
     * @param length bytes
     * @return GOOD, BAD_POSITION, BAD_LINK or BAD_HASH
     */
    public RecordVerdict next(final DirectBuffer buffer, final int offset, final int length) {
        final long position = buffer.getLong(offset + RecordDescriptor.POSITION_OFFSET, LE);
        if (position != lastPosition + 1) {
            return RecordVerdict.BAD_POSITION;
        }
        if (buffer.getLong(offset + RecordDescriptor.PREVIOUS_HASH_OFFSET, LE) != lastHash) {
            return RecordVerdict.BAD_LINK;
        }
        final long actual = hash.ofSealed(buffer, offset, length);
        if (buffer.getLong(offset + RecordDescriptor.HASH_OFFSET, LE) != actual) {
            return RecordVerdict.BAD_HASH;
        }
        lastPosition = position;
        lastHash = actual;
        return RecordVerdict.GOOD;
    }

    /**
     * The last good record.
     *
     * @return its position
     */
    public long lastPosition() {
        return lastPosition;
    }

    /**
     * The last good record.
     *
     * @return its hash
     */
    public long lastHash() {
        return lastHash;
    }
}
