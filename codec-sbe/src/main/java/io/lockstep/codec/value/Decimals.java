package io.lockstep.codec.value;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Integers outside 64 bits as ASCII digits. Canonical: an optional minus, no leading zero, and never a number that an
 * integer could hold. Stateless; any thread; allocates nothing.
 */
public final class Decimals {
    private static final byte[] LONG_MAX_DIGITS = "9223372036854775807".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LONG_MIN_DIGITS = "9223372036854775808".getBytes(StandardCharsets.US_ASCII);

    private Decimals() {}

    /**
     * Tells whether digits are canonical and outside 64 bits.
     *
     * @param buffer holds the digits
     * @param offset of the first
     * @param length bytes
     * @return true if they may stand in a decimal
     */
    public static boolean isCanonical(final DirectBuffer buffer, final int offset, final int length) {
        if (length < LONG_MAX_DIGITS.length) {
            return false;
        }
        final boolean negative = buffer.getByte(offset) == '-';
        final int first = negative ? offset + 1 : offset;
        final int end = offset + length;
        final int digits = end - first;
        if (digits < LONG_MAX_DIGITS.length || buffer.getByte(first) == '0') {
            return false;
        }
        for (int i = first; i < end; i++) {
            final byte digit = buffer.getByte(i);
            if (digit < '0' || digit > '9') {
                return false;
            }
        }
        return digits > LONG_MAX_DIGITS.length || isAbove(buffer, first, negative ? LONG_MIN_DIGITS : LONG_MAX_DIGITS);
    }

    /**
     * Compares two canonical decimals by value.
     *
     * @param a holds one
     * @param aOffset of its first byte
     * @param aLength bytes
     * @param b holds the other
     * @param bOffset of its first byte
     * @param bLength bytes
     * @return below, equal to or above 0 as a is below, equal to or above b
     */
    public static int compare(
            final DirectBuffer a,
            final int aOffset,
            final int aLength,
            final DirectBuffer b,
            final int bOffset,
            final int bLength) {
        final boolean aNegative = aLength > 0 && a.getByte(aOffset) == '-';
        final boolean bNegative = bLength > 0 && b.getByte(bOffset) == '-';
        if (aNegative != bNegative) {
            return aNegative ? -1 : 1;
        }
        final int magnitudes = aLength != bLength
                ? Integer.compare(aLength, bLength)
                : ByteOrders.compareUnsigned(a, aOffset, aLength, b, bOffset, bLength);
        return aNegative ? -magnitudes : magnitudes;
    }

    private static boolean isAbove(final DirectBuffer buffer, final int offset, final byte[] digits) {
        for (int i = 0; i < digits.length; i++) {
            final byte digit = buffer.getByte(offset + i);
            if (digit != digits[i]) {
                return digit > digits[i];
            }
        }
        return false;
    }
}
