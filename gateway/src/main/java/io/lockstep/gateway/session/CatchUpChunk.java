package io.lockstep.gateway.session;

import io.lockstep.codec.DeliveryPartEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.engine.delivery.DeliveryFilter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Deliveries read from the journal for one session, on their way from the reader's thread to that of the transports. At
 * any time one of the two owns it; it changes hands through a queue.
 *
 * <pre>
 *   0               8               16              24            28     32
 *  +---------------+---------------+---------------+-------------+------+------------- next entry at a multiple of 8
 *  | position      | sequence      | check before  | length      |      | Delivery, message header first
 *  +---------------+---------------+---------------+-------------+------+-------------
 * </pre>
 */
final class CatchUpChunk {
    private static final int SEQUENCE_OFFSET = 8;
    private static final int CHECK_BEFORE_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;
    private static final int MESSAGE_OFFSET = 32;
    private static final int ALIGNMENT = 8;
    private static final int PART_HEADER = MessageHeaderEncoder.ENCODED_LENGTH
            + DeliveryPartEncoder.BLOCK_LENGTH
            + DeliveryPartEncoder.bytesHeaderLength();

    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final DeliveryFilter filter = new DeliveryFilter();
    private final DeliveryPartEncoder partEncoder = new DeliveryPartEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final int initialCapacity;
    private UnsafeBuffer buffer;
    private int limit;

    CatchUpChunk(final int initialCapacity) {
        this.initialCapacity = initialCapacity;
        this.buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(initialCapacity));
    }

    /** Empties it, and gives back what one large delivery made it grow by. */
    void clear() {
        limit = 0;
        if (buffer.capacity() > initialCapacity) {
            BufferUtil.free(buffer); // the heap may be too quiet for a collection, which would do it
            buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(initialCapacity));
        }
    }

    /** Adds what matches of a record, if anything does; the check is that of the sequence before. */
    void add(
            final long position,
            final long sequence,
            final long checkBefore,
            final ChangeFilters filters,
            final DirectBuffer record,
            final int offset,
            final int length) {
        reserve(DeliveryEncoder.lengthMax(length));
        final int message = limit + MESSAGE_OFFSET;
        int encoded = encoder.encode(record, offset, length, buffer, message);
        if (!filters.isAll()) {
            if (filter.match(filters, buffer, message) == 0) {
                return;
            }
            encoded = filter.isWhole() ? encoded : filter.copy(message, buffer, message);
        }
        end(position, sequence, checkBefore, encoded);
    }

    /** Adds a large change set that fits a frame. */
    void addEncoded(
            final long position,
            final long sequence,
            final long checkBefore,
            final LargeDeliveries source,
            final int length) {
        reserve(length);
        source.copy(0, length, buffer, limit + MESSAGE_OFFSET);
        end(position, sequence, checkBefore, length);
    }

    /** Adds a part of a delivery that is too large for a frame. */
    void addPart(
            final long position,
            final long sequence,
            final long checkBefore,
            final LargeDeliveries source,
            final int from,
            final int length,
            final int totalBytes) {
        reserve(PART_HEADER + length);
        partEncoder
                .wrapAndApplyHeader(buffer, limit + MESSAGE_OFFSET, header)
                .sequence(sequence)
                .partOffset(from)
                .totalBytes(totalBytes);
        final int bytes = limit + MESSAGE_OFFSET + PART_HEADER;
        buffer.putInt(bytes - DeliveryPartEncoder.bytesHeaderLength(), length, ByteOrder.LITTLE_ENDIAN);
        source.copy(from, length, buffer, bytes);
        end(position, sequence, checkBefore, PART_HEADER + length);
    }

    private void reserve(final int length) {
        final int needed = limit + MESSAGE_OFFSET + length + ALIGNMENT;
        if (needed > buffer.capacity()) {
            final UnsafeBuffer larger = new UnsafeBuffer(ByteBuffer.allocateDirect(needed));
            larger.putBytes(0, buffer, 0, limit);
            BufferUtil.free(buffer);
            buffer = larger;
        }
    }

    private void end(final long position, final long sequence, final long checkBefore, final int encoded) {
        buffer.putLong(limit, position);
        buffer.putLong(limit + SEQUENCE_OFFSET, sequence);
        buffer.putLong(limit + CHECK_BEFORE_OFFSET, checkBefore);
        buffer.putInt(limit + LENGTH_OFFSET, encoded);
        limit += (MESSAGE_OFFSET + encoded + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Whether it is no whole Delivery. */
    boolean isPart(final int entry) {
        return RequestGate.templateId(buffer, messageOffset(entry)) == DeliveryPartEncoder.TEMPLATE_ID;
    }

    /** Bytes held; entries start at 0. */
    int limit() {
        return limit;
    }

    long position(final int entry) {
        return buffer.getLong(entry);
    }

    long sequence(final int entry) {
        return buffer.getLong(entry + SEQUENCE_OFFSET);
    }

    /** Check of the sequence before that of the entry; undefined for the first one that was asked for. */
    long checkBefore(final int entry) {
        return buffer.getLong(entry + CHECK_BEFORE_OFFSET);
    }

    int messageLength(final int entry) {
        return buffer.getInt(entry + LENGTH_OFFSET);
    }

    int messageOffset(final int entry) {
        return entry + MESSAGE_OFFSET;
    }

    int next(final int entry) {
        return entry + ((MESSAGE_OFFSET + messageLength(entry) + ALIGNMENT - 1) & -ALIGNMENT);
    }

    UnsafeBuffer buffer() {
        return buffer;
    }
}
