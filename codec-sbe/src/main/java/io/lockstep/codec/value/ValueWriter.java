package io.lockstep.codec.value;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the value encoding, see {@link ValueType}. Every method returns how many bytes it wrote. Content is not checked
 * unless said so; the validator of frames does. Stateless; any thread; those that take bytes allocate nothing.
 */
public final class ValueWriter {
    /** Bytes before the content of a decimal, text, blob or json. */
    public static final int PREFIX_LENGTH = 5;

    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private ValueWriter() {}

    /**
     * Writes a null.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @return bytes written
     */
    public static int putNull(final MutableDirectBuffer buffer, final int offset) {
        buffer.putByte(offset, (byte) ValueType.NULL);
        return 1;
    }

    /**
     * Writes a boolean.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content
     * @return bytes written
     */
    public static int putBoolean(final MutableDirectBuffer buffer, final int offset, final boolean value) {
        buffer.putByte(offset, (byte) ValueType.BOOLEAN);
        buffer.putByte(offset + 1, (byte) (value ? 1 : 0));
        return 2;
    }

    /**
     * Writes an integer.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content
     * @return bytes written
     */
    public static int putInteger(final MutableDirectBuffer buffer, final int offset, final long value) {
        buffer.putByte(offset, (byte) ValueType.INTEGER);
        buffer.putLong(offset + 1, value, ByteOrder.LITTLE_ENDIAN);
        return 1 + Long.BYTES;
    }

    /**
     * Writes an integer of any size: as an integer if it fits in 64 bits, otherwise as a decimal.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content
     * @return bytes written
     */
    public static int putNumber(final MutableDirectBuffer buffer, final int offset, final BigInteger value) {
        if (value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0) {
            return putInteger(buffer, offset, value.longValue());
        }
        return putPrefixed(buffer, offset, ValueType.DECIMAL, value.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Writes a real; every NaN becomes the one NaN.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content
     * @return bytes written
     */
    public static int putReal(final MutableDirectBuffer buffer, final int offset, final double value) {
        buffer.putByte(offset, (byte) ValueType.REAL);
        buffer.putLong(offset + 1, Double.doubleToLongBits(value), ByteOrder.LITTLE_ENDIAN);
        return 1 + Long.BYTES;
    }

    /**
     * Writes a text.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content; a lone surrogate becomes a question mark
     * @return bytes written
     */
    public static int putText(final MutableDirectBuffer buffer, final int offset, final String value) {
        return putPrefixed(buffer, offset, ValueType.TEXT, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a json.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its text; a lone surrogate becomes a question mark
     * @return bytes written
     */
    public static int putJson(final MutableDirectBuffer buffer, final int offset, final String value) {
        return putPrefixed(buffer, offset, ValueType.JSON, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a blob.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param value its content
     * @return bytes written
     */
    public static int putBlob(final MutableDirectBuffer buffer, final int offset, final byte[] value) {
        return putPrefixed(buffer, offset, ValueType.BLOB, value);
    }

    /**
     * Writes a decimal, text, blob or json.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param type one of {@link ValueType}
     * @param content its bytes
     * @return bytes written
     */
    public static int putPrefixed(
            final MutableDirectBuffer buffer, final int offset, final int type, final byte[] content) {
        putPrefix(buffer, offset, type, content.length);
        buffer.putBytes(offset + PREFIX_LENGTH, content);
        return PREFIX_LENGTH + content.length;
    }

    /**
     * Writes a decimal, text, blob or json.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param type one of {@link ValueType}
     * @param content holds its bytes
     * @param contentOffset of the first
     * @param contentLength how many
     * @return bytes written
     */
    public static int putPrefixed(
            final MutableDirectBuffer buffer,
            final int offset,
            final int type,
            final DirectBuffer content,
            final int contentOffset,
            final int contentLength) {
        putPrefix(buffer, offset, type, contentLength);
        buffer.putBytes(offset + PREFIX_LENGTH, content, contentOffset, contentLength);
        return PREFIX_LENGTH + contentLength;
    }

    /**
     * Writes what stands before the content of a decimal, text, blob or json.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @param type one of {@link ValueType}
     * @param contentLength bytes of the content, which the caller writes behind it
     */
    static void putPrefix(final MutableDirectBuffer buffer, final int offset, final int type, final int contentLength) {
        buffer.putByte(offset, (byte) type);
        buffer.putInt(offset + 1, contentLength, ByteOrder.LITTLE_ENDIAN);
    }
}
