package io.lockstep.client.store;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Layout of a record, little-endian, from a multiple of eight on:
 *
 * <pre>
 *    0  int   magic
 *    4  int   length of the payload
 *    8  long  up to here the file was on stable storage when the record was written
 *   16  int   kind
 *   20  int   CRC32C of the payload
 *   24  int   0
 *   28  int   CRC32C of the bytes 0 to 27
 *   32        payload, and zeros up to a multiple of eight
 * </pre>
 */
final class RecordDescriptor {
    static final int HEADER_LENGTH = 32;
    static final int ALIGNMENT = 8;
    /** The largest message of the protocol is smaller. */
    static final int PAYLOAD_BYTES_MAX = 1 << 28;

    private static final int MAGIC = 0x3153_4F4C;
    private static final int LENGTH_OFFSET = 4;
    private static final int DURABLE_OFFSET = 8;
    private static final int KIND_OFFSET = 16;
    private static final int PAYLOAD_CRC_OFFSET = 20;
    private static final int RESERVED_OFFSET = 24;
    private static final int HEADER_CRC_OFFSET = 28;

    private RecordDescriptor() {}

    static long recordLength(final int payloadLength) {
        return (HEADER_LENGTH + (long) payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Completes the header of a record whose payload is in place. */
    static void seal(
            final byte[] bytes, final int offset, final int payloadLength, final int kind, final long durable) {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes, offset, HEADER_LENGTH);
        buffer.putInt(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(LENGTH_OFFSET, payloadLength, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(DURABLE_OFFSET, durable, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(KIND_OFFSET, kind, ByteOrder.LITTLE_ENDIAN);
        final int payloadCrc = crc(bytes, offset + HEADER_LENGTH, payloadLength);
        buffer.putInt(PAYLOAD_CRC_OFFSET, payloadCrc, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(RESERVED_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(HEADER_CRC_OFFSET, crc(bytes, offset, HEADER_CRC_OFFSET), ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isHeader(final byte[] bytes, final int offset) {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes, offset, HEADER_LENGTH);
        return buffer.getInt(0, ByteOrder.LITTLE_ENDIAN) == MAGIC
                && buffer.getInt(HEADER_CRC_OFFSET, ByteOrder.LITTLE_ENDIAN) == crc(bytes, offset, HEADER_CRC_OFFSET)
                && payloadLength(bytes, offset) >= 0
                && payloadLength(bytes, offset) <= PAYLOAD_BYTES_MAX;
    }

    static boolean isPayload(final byte[] bytes, final int offset) {
        final int expected =
                new UnsafeBuffer(bytes, offset, HEADER_LENGTH).getInt(PAYLOAD_CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return expected == crc(bytes, offset + HEADER_LENGTH, payloadLength(bytes, offset));
    }

    static int payloadLength(final byte[] bytes, final int offset) {
        return new UnsafeBuffer(bytes, offset, HEADER_LENGTH).getInt(LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static int kind(final byte[] bytes, final int offset) {
        return new UnsafeBuffer(bytes, offset, HEADER_LENGTH).getInt(KIND_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long durable(final byte[] bytes, final int offset) {
        return new UnsafeBuffer(bytes, offset, HEADER_LENGTH).getLong(DURABLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(final byte[] bytes, final int offset, final int length) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
