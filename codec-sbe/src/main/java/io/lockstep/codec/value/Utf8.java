package io.lockstep.codec.value;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Validation of UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Stateless; any
 * thread; allocates nothing.
 */
public final class Utf8 {
    /** What {@link #firstInvalid} returns for valid text. */
    public static final int VALID = -1;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /**
     * Tells whether a range is valid.
     *
     * @param buffer holds the bytes
     * @param offset of the first
     * @param length how many
     * @return true for valid UTF-8, which includes nothing at all
     */
    public static boolean isValid(final DirectBuffer buffer, final int offset, final int length) {
        return firstInvalid(buffer, offset, length) == VALID;
    }

    /**
     * Finds where a range stops to be valid.
     *
     * @param buffer holds the bytes
     * @param offset of the first
     * @param length how many
     * @return {@link #VALID}, or the place of the first byte of the first bad sequence, counted from the offset
     */
    public static int firstInvalid(final DirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        int index = offset;
        while (index < end) {
            index = skipAscii(buffer, index, end);
            while (index < end && buffer.getByte(index) < 0) {
                final int bytes = sequenceLength(buffer, index, end);
                if (bytes == 0) {
                    return index - offset;
                }
                index += bytes;
            }
        }
        return VALID;
    }

    private static int skipAscii(final DirectBuffer buffer, final int from, final int end) {
        int index = from;
        while (end - index >= Long.BYTES) {
            final long high = buffer.getLong(index, ByteOrder.LITTLE_ENDIAN) & HIGH_BITS;
            if (high != 0) {
                return index + (Long.numberOfTrailingZeros(high) >>> 3);
            }
            index += Long.BYTES;
        }
        while (index < end && buffer.getByte(index) >= 0) {
            index++;
        }
        return index;
    }

    /** Bytes of the sequence of two or more that starts here, 0 if it is none. */
    private static int sequenceLength(final DirectBuffer buffer, final int index, final int end) {
        final int first = buffer.getByte(index) & 0xFF;
        if (first < 0xC2 || first > 0xF4 || end - index < 2) {
            return 0;
        }
        final int second = buffer.getByte(index + 1) & 0xFF;
        if (first < 0xE0) {
            return isContinuation(second) ? 2 : 0;
        }
        if (second < secondMin(first) || second > secondMax(first)) {
            return 0;
        }
        final int bytes = first < 0xF0 ? 3 : 4;
        if (end - index < bytes) {
            return 0;
        }
        for (int i = 2; i < bytes; i++) {
            if (!isContinuation(buffer.getByte(index + i) & 0xFF)) {
                return 0;
            }
        }
        return bytes;
    }

    private static boolean isContinuation(final int value) {
        return (value & 0xC0) == 0x80;
    }

    /** Below it the form would be overlong. */
    private static int secondMin(final int first) {
        return first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    }

    /** Above it lie the surrogates and what Unicode does not have. */
    private static int secondMax(final int first) {
        return first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    }
}
