package io.lockstep.client.model;

import io.lockstep.codec.value.ValueType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Checks bytes against the value encoding before they become a {@link Value}. */
final class ValueDecoding {
    /** Type code and word. */
    static final int FIXED_LENGTH = 9;

    /** Type code and length. */
    static final int SIZED_HEADER_LENGTH = 5;

    private static final int BOOLEAN_LENGTH = 2;
    private static final long NAN_EXPONENT = 0x7FF0_0000_0000_0000L;
    private static final int LONG_DIGITS_MAX = 20;

    private ValueDecoding() {}

    /**
     * Length of the value at an offset, after all of it was checked.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    static int checkedLength(final byte[] bytes, final int offset) {
        final int available = bytes.length - offset;
        require(available >= 1, "an empty value");
        final int type = bytes[offset];
        return switch (type) {
            case ValueType.NULL -> 1;
            case ValueType.BOOLEAN -> checkedBoolean(bytes, offset, available);
            case ValueType.INTEGER -> checkedWord(available);
            case ValueType.REAL -> checkedReal(bytes, offset, available);
            case ValueType.DECIMAL, ValueType.TEXT, ValueType.BLOB, ValueType.JSON ->
                checkedSized(type, bytes, offset, available);
            default -> throw new IllegalArgumentException("no such value type: type=" + (type & 0xFF));
        };
    }

    private static int checkedBoolean(final byte[] bytes, final int offset, final int available) {
        require(available >= BOOLEAN_LENGTH, "a value cut short");
        require(bytes[offset + 1] == 0 || bytes[offset + 1] == 1, "a boolean that is neither 0 nor 1");
        return BOOLEAN_LENGTH;
    }

    private static int checkedWord(final int available) {
        require(available >= FIXED_LENGTH, "a value cut short");
        return FIXED_LENGTH;
    }

    private static int checkedReal(final byte[] bytes, final int offset, final int available) {
        checkedWord(available);
        final long bits = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset + 1);
        final boolean nan = (bits & Long.MAX_VALUE) > NAN_EXPONENT;
        require(!nan || bits == ValueType.CANONICAL_NAN_BITS, "a NaN other than the one NaN");
        return FIXED_LENGTH;
    }

    private static int checkedSized(final int type, final byte[] bytes, final int offset, final int available) {
        require(available >= SIZED_HEADER_LENGTH, "a value cut short");
        final int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset + 1);
        require(length >= 0 && length <= available - SIZED_HEADER_LENGTH, "a value cut short");
        final int start = offset + SIZED_HEADER_LENGTH;
        if (type == ValueType.DECIMAL) {
            checkDecimal(new String(bytes, start, length, StandardCharsets.ISO_8859_1));
        } else if (type != ValueType.BLOB) {
            Utf8.decode(type == ValueType.TEXT ? "text" : "json", bytes, start, length);
        }
        return SIZED_HEADER_LENGTH + length;
    }

    private static void checkDecimal(final String text) {
        final int first = text.startsWith("-") ? 1 : 0;
        require(text.length() > first && text.charAt(first) != '0', "a decimal not in canonical digits");
        for (int i = first; i < text.length(); i++) {
            require(text.charAt(i) >= '0' && text.charAt(i) <= '9', "a decimal not in canonical digits");
        }
        final boolean fits = text.length() <= LONG_DIGITS_MAX && new BigInteger(text).bitLength() < Long.SIZE;
        require(!fits, "a decimal that fits 64 bits");
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
