package io.lockstep.codec.value;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Walks and reads the value encoding, see {@link ValueType}. {@link #valueLength} and {@link #keyParts} take any bytes;
 * the other methods want a value that was walked before. Stateless; any thread; allocates nothing.
 */
public final class ValueReader {
    /** The bytes end before the value does. */
    public static final int TRUNCATED = -1;

    /** The first byte is no type. */
    public static final int UNKNOWN_TYPE = -2;

    /** A boolean, decimal or NaN in another form than the one allowed. */
    public static final int NOT_CANONICAL = -3;

    /** A text or json that is not valid UTF-8. */
    public static final int NOT_UTF8 = -4;

    /** A real in a key that is NaN or -0.0. */
    public static final int NOT_A_KEY_PART = -5;

    private static final int CODE_LENGTH = 1;
    private static final int PREFIX_LENGTH = CODE_LENGTH + Integer.BYTES;
    private static final int WORD_LENGTH = CODE_LENGTH + Long.BYTES;
    private static final long NEGATIVE_ZERO_BITS = Long.MIN_VALUE;

    private ValueReader() {}

    /**
     * Walks one value.
     *
     * @param buffer holds it
     * @param offset of its type code
     * @param limit no byte from here on is read
     * @return bytes of the whole value, or one of the negative constants above
     */
    public static int valueLength(final DirectBuffer buffer, final int offset, final int limit) {
        final int remaining = limit - offset;
        if (remaining < CODE_LENGTH) {
            return TRUNCATED;
        }
        return switch (buffer.getByte(offset)) {
            case ValueType.NULL -> CODE_LENGTH;
            case ValueType.BOOLEAN -> booleanLength(buffer, offset, remaining);
            case ValueType.INTEGER -> remaining < WORD_LENGTH ? TRUNCATED : WORD_LENGTH;
            case ValueType.REAL -> realLength(buffer, offset, remaining);
            case ValueType.DECIMAL, ValueType.TEXT, ValueType.BLOB, ValueType.JSON ->
                prefixedLength(buffer, offset, remaining);
            default -> UNKNOWN_TYPE;
        };
    }

    /**
     * Walks a key.
     *
     * @param buffer holds it
     * @param offset of its first part
     * @param length bytes
     * @return how many parts it has, 0 or more, or one of the negative constants above
     */
    public static int keyParts(final DirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        int index = offset;
        int parts = 0;
        while (index < end) {
            final int bytes = valueLength(buffer, index, end);
            if (bytes < 0) {
                return bytes;
            }
            if (buffer.getByte(index) == ValueType.REAL && !isKeyReal(realBits(buffer, index))) {
                return NOT_A_KEY_PART;
            }
            index += bytes;
            parts++;
        }
        return parts;
    }

    /**
     * Type of a value.
     *
     * @param buffer holds it
     * @param offset of its type code
     * @return one of {@link ValueType}
     */
    public static int type(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset);
    }

    /**
     * Content of a boolean.
     *
     * @param buffer holds the value
     * @param offset of its type code
     * @return its content
     */
    public static boolean booleanValue(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + CODE_LENGTH) != 0;
    }

    /**
     * Content of an integer.
     *
     * @param buffer holds the value
     * @param offset of its type code
     * @return its content
     */
    public static long longValue(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CODE_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Content of a real.
     *
     * @param buffer holds the value
     * @param offset of its type code
     * @return its 64 bits
     */
    public static long realBits(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CODE_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Where the bytes of a decimal, text, blob or json start.
     *
     * @param offset of its type code
     * @return an offset into the same buffer
     */
    public static int contentOffset(final int offset) {
        return offset + PREFIX_LENGTH;
    }

    /**
     * How many bytes of content a decimal, text, blob or json has.
     *
     * @param buffer holds the value
     * @param offset of its type code
     * @return bytes
     */
    public static int contentLength(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CODE_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Tells whether a real may stand in a key.
     *
     * @param bits of the real
     * @return false for every NaN and for -0.0
     */
    public static boolean isKeyReal(final long bits) {
        return bits != NEGATIVE_ZERO_BITS && !Double.isNaN(Double.longBitsToDouble(bits));
    }

    /**
     * Says a negative answer of {@link #valueLength} or {@link #keyParts} in words.
     *
     * @param reason one of the negative constants
     * @return a phrase for error texts
     */
    public static String describe(final int reason) {
        return switch (reason) {
            case TRUNCATED -> "ends before its value does";
            case UNKNOWN_TYPE -> "has an unknown type code";
            case NOT_CANONICAL -> "is not in canonical form";
            case NOT_UTF8 -> "holds invalid UTF-8";
            case NOT_A_KEY_PART -> "holds NaN or -0.0, which no key may";
            default -> "is not a value";
        };
    }

    private static int booleanLength(final DirectBuffer buffer, final int offset, final int remaining) {
        if (remaining < CODE_LENGTH + 1) {
            return TRUNCATED;
        }
        final byte content = buffer.getByte(offset + CODE_LENGTH);
        return content == 0 || content == 1 ? CODE_LENGTH + 1 : NOT_CANONICAL;
    }

    private static int realLength(final DirectBuffer buffer, final int offset, final int remaining) {
        if (remaining < WORD_LENGTH) {
            return TRUNCATED;
        }
        final long bits = realBits(buffer, offset);
        final boolean otherNan = Double.isNaN(Double.longBitsToDouble(bits)) && bits != ValueType.CANONICAL_NAN_BITS;
        return otherNan ? NOT_CANONICAL : WORD_LENGTH;
    }

    private static int prefixedLength(final DirectBuffer buffer, final int offset, final int remaining) {
        if (remaining < PREFIX_LENGTH) {
            return TRUNCATED;
        }
        final int length = contentLength(buffer, offset);
        if (length < 0 || length > remaining - PREFIX_LENGTH) {
            return TRUNCATED;
        }
        final int content = contentOffset(offset);
        final int type = buffer.getByte(offset);
        if (type == ValueType.DECIMAL) {
            return Decimals.isCanonical(buffer, content, length) ? PREFIX_LENGTH + length : NOT_CANONICAL;
        }
        if (type != ValueType.BLOB && !Utf8.isValid(buffer, content, length)) {
            return NOT_UTF8;
        }
        return PREFIX_LENGTH + length;
    }
}
