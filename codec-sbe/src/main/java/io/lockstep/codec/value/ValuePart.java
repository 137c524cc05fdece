package io.lockstep.codec.value;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A piece of a value that no page of a state has room for, in the place of the value of a cell: nowhere else.
 *
 * <pre>
 *   0         1                  5                  9
 *  +---------+------------------+------------------+-----------------------------------+
 *  | 0x80    | offset, u32 LE   | of, u32 LE       | bytes of the value encoding       |
 *  +---------+------------------+------------------+-----------------------------------+
 * </pre>
 *
 * The offset is that of the first byte here in the encoded value, which has so many bytes as "of" says. The parts of a
 * value come in order, and no other cell between them; a part at offset 0, another clock or another cell where the next part
 * should be means that the value was replaced or removed meanwhile. Stateless; any thread; allocates nothing.
 */
public final class ValuePart {
    /** Where a value has its type: no type has this code. */
    public static final int CODE = 0x80;

    /** Bytes before those of the value. */
    public static final int HEADER_LENGTH = 1 + 2 * Integer.BYTES;

    private static final int OFFSET_OFFSET = 1;
    private static final int OF_OFFSET = OFFSET_OFFSET + Integer.BYTES;

    private ValuePart() {}

    /**
     * Writes what comes before the bytes.
     *
     * @param buffer to write into
     * @param at of the first byte
     * @param offset of the bytes in the value, 0 or more
     * @param of bytes of the whole value, 1 or more
     */
    public static void put(final MutableDirectBuffer buffer, final int at, final int offset, final int of) {
        buffer.putByte(at, (byte) CODE);
        buffer.putInt(at + OFFSET_OFFSET, offset, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(at + OF_OFFSET, of, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Whether the value of a cell is a part of one.
     *
     * @param buffer holds it
     * @param at of the first byte
     * @param length bytes
     * @return true also for one that is not {@link #isWellFormed}
     */
    public static boolean isPart(final DirectBuffer buffer, final int at, final int length) {
        return length > 0 && (buffer.getByte(at) & 0xFF) == CODE;
    }

    /**
     * Whether a part has bytes, and they lie in the value.
     *
     * @param buffer holds it
     * @param at of the first byte
     * @param length bytes
     * @return false if nothing but {@link #isPart} may be asked
     */
    public static boolean isWellFormed(final DirectBuffer buffer, final int at, final int length) {
        return isPart(buffer, at, length)
                && length > HEADER_LENGTH
                && offset(buffer, at) >= 0
                && (long) offset(buffer, at) + length - HEADER_LENGTH <= of(buffer, at);
    }

    /**
     * Where the bytes lie in the value.
     *
     * @param buffer holds the part
     * @param at of the first byte
     * @return 0 or more
     */
    public static int offset(final DirectBuffer buffer, final int at) {
        return buffer.getInt(at + OFFSET_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * How long the value is.
     *
     * @param buffer holds the part
     * @param at of the first byte
     * @return bytes
     */
    public static int of(final DirectBuffer buffer, final int at) {
        return buffer.getInt(at + OF_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
