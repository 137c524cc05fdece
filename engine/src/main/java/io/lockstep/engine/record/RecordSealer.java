package io.lockstep.engine.record;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Gives a record its place: position, durable position, the link to the record before it, hash and CRC; in place.
 * Belongs to the appending thread; allocates nothing.
 */
public final class RecordSealer {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private final RecordHash hash;
    private final Crc32c crc = new Crc32c();
    private long lastPosition;
    private long lastHash;

    /**
     * A sealer that goes on after a record.
     *
     * @param incarnation of the journal
     * @param lastPosition of the last record, 0 if there is none
     * @param lastHash of the last record, 0 if there is none
     */
    public RecordSealer(final Incarnation incarnation, final long lastPosition, final long lastHash) {
        this.hash = new RecordHash(incarnation);
        this.lastPosition = lastPosition;
        this.lastHash = lastHash;
    }

    /**
     * Seals a record as the next one.
     *
     * @param buffer holds it
     * @param offset of its first byte
     * @param length bytes, at least {@link RecordDescriptor#LENGTH_MIN}
     * @param durablePosition known to be on stable storage
     * @return its position
     */
    public long seal(final MutableDirectBuffer buffer, final int offset, final int length, final long durablePosition) {
        final long position = lastPosition + 1;
        buffer.putLong(offset + RecordDescriptor.POSITION_OFFSET, position, LE);
        buffer.putLong(offset + RecordDescriptor.DURABLE_POSITION_OFFSET, durablePosition, LE);
        buffer.putLong(offset + RecordDescriptor.PREVIOUS_HASH_OFFSET, lastHash, LE);
        final long recordHash = hash.ofUnsealed(buffer, offset, length);
        buffer.putLong(offset + RecordDescriptor.HASH_OFFSET, recordHash, LE);
        final int covered = length - RecordDescriptor.COVERED_OFFSET;
        buffer.putInt(
                offset + RecordDescriptor.CRC_OFFSET,
                crc.of(buffer, offset + RecordDescriptor.COVERED_OFFSET, covered),
                LE);
        lastPosition = position;
        lastHash = recordHash;
        return position;
    }

    /**
     * Position of the last record sealed.
     *
     * @return 0 if there is none
     */
    public long lastPosition() {
        return lastPosition;
    }

    /**
     * Hash of the last record sealed.
     *
     * @return 0 if there is none
     */
    public long lastHash() {
        return lastHash;
    }
}
