package io.lockstep.codec.value;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The key form of Quereus databases: booleans and integral reals become the integer that they equal, or the decimal
 * where it is outside 64 bits. All other parts stay as they are. Takes keys that were walked before. Stateless; any
 * thread; allocates nothing.
 */
public final class QuereusKeyForm {
    /** How many times its length a key has at most when folded: a real of 9 bytes may become 309 digits. */
    public static final int EXPANSION_MAX = 36;

    private static final int REAL_LENGTH = 9;
    private static final int LIMB_DIGITS = 9;
    private static final int LIMB_BASE = 1_000_000_000;
    private static final int SHIFT_MAX = 30;
    private static final double TWO_TO_63 = 0x1p63;
    private static final int EXPONENT_BIAS = 1075;
    private static final long FRACTION_MASK = (1L << 52) - 1;
    private static final int FRACTION_BITS = 53;
    private static final double DIGITS_PER_BIT = 0.30103;

    private QuereusKeyForm() {}

    /**
     * Most bytes that a folded key has.
     *
     * @param length bytes of the key before
     * @return what the buffer given to {@link #fold} must have room for
     */
    public static int foldedLengthMax(final int length) {
        return length * EXPANSION_MAX;
    }

    /**
     * Tells whether a key has another form than the folded one.
     *
     * @param buffer holds the key
     * @param offset of its first part
     * @param length bytes
     * @return true if {@link #fold} would change it
     */
    public static boolean needsFolding(final DirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        int index = offset;
        while (index < end) {
            final int type = ValueReader.type(buffer, index);
            if (type == ValueType.BOOLEAN
                    || (type == ValueType.REAL && isIntegral(ValueReader.realBits(buffer, index)))) {
                return true;
            }
            index += partLength(buffer, index, type);
        }
        return false;
    }

    /**
     * Writes the folded form of a key.
     *
     * @param source holds the key
     * @param offset of its first part
     * @param length bytes
     * @param target to write into, with room for {@link #foldedLengthMax}; not the range that is read
     * @param targetOffset where the folded key starts
     * @return bytes of the folded key
     */
    public static int fold(
            final DirectBuffer source,
            final int offset,
            final int length,
            final MutableDirectBuffer target,
            final int targetOffset) {
        final int end = offset + length;
        int index = offset;
        int out = targetOffset;
        while (index < end) {
            final int type = ValueReader.type(source, index);
            final int bytes = partLength(source, index, type);
            if (type == ValueType.BOOLEAN) {
                out += ValueWriter.putInteger(target, out, ValueReader.booleanValue(source, index) ? 1 : 0);
            } else if (type == ValueType.REAL && isIntegral(ValueReader.realBits(source, index))) {
                out += putIntegral(target, out, ValueReader.realBits(source, index));
            } else {
                target.putBytes(out, source, index, bytes);
                out += bytes;
            }
            index += bytes;
        }
        return out - targetOffset;
    }

    /** Length of a part that is known to be well formed. */
    private static int partLength(final DirectBuffer buffer, final int offset, final int type) {
        return switch (type) {
            case ValueType.NULL -> 1;
            case ValueType.BOOLEAN -> 2;
            case ValueType.INTEGER, ValueType.REAL -> REAL_LENGTH;
            default -> ValueWriter.PREFIX_LENGTH + ValueReader.contentLength(buffer, offset);
        };
    }

    private static boolean isIntegral(final long bits) {
        final double value = Double.longBitsToDouble(bits);
        return Math.rint(value) == value && !Double.isInfinite(value);
    }

    private static int putIntegral(final MutableDirectBuffer target, final int offset, final long bits) {
        final double value = Double.longBitsToDouble(bits);
        if (value >= -TWO_TO_63 && value < TWO_TO_63) {
            return ValueWriter.putInteger(target, offset, (long) value);
        }
        int content = offset + ValueWriter.PREFIX_LENGTH;
        if (bits < 0) {
            target.putByte(content, (byte) '-');
            content++;
        }
        final int digits = putDigits(target, content, bits);
        final int contentLength = content + digits - offset - ValueWriter.PREFIX_LENGTH;
        ValueWriter.putPrefix(target, offset, ValueType.DECIMAL, contentLength);
        return ValueWriter.PREFIX_LENGTH + contentLength;
    }

    /**
     * Writes the digits of a real of at least 2^63, exactly. The number is kept in the target itself as limbs of nine
     * digits, four bytes in each slot of nine, the lowest in the last slot; then each slot is turned into its digits.
     */
    private static int putDigits(final MutableDirectBuffer target, final int offset, final long bits) {
        final int exponent = (int) (bits >>> 52 & 0x7FF) - EXPONENT_BIAS;
        final long fraction = (bits & FRACTION_MASK) | (FRACTION_MASK + 1);
        final int slots = (int) ((FRACTION_BITS + exponent) * DIGITS_PER_BIT) / LIMB_DIGITS + 1;
        final int end = offset + slots * LIMB_DIGITS;
        target.putInt(end - LIMB_DIGITS, (int) (fraction % LIMB_BASE));
        target.putInt(end - 2 * LIMB_DIGITS, (int) (fraction / LIMB_BASE));
        int limbs = 2;
        int left = exponent;
        while (left > 0) {
            final int shift = Math.min(left, SHIFT_MAX);
            limbs = shiftLeft(target, end, limbs, shift);
            left -= shift;
        }
        for (int i = 0; i < limbs; i++) {
            spread(target, end - (i + 1) * LIMB_DIGITS);
        }
        int first = end - limbs * LIMB_DIGITS;
        while (target.getByte(first) == '0') {
            first++;
        }
        final int digits = end - first;
        for (int i = 0; i < digits; i++) {
            target.putByte(offset + i, target.getByte(first + i));
        }
        return digits;
    }

    private static int shiftLeft(final MutableDirectBuffer target, final int end, final int limbs, final int shift) {
        long carry = 0;
        for (int i = 1; i <= limbs; i++) {
            final int slot = end - i * LIMB_DIGITS;
            final long product = ((long) target.getInt(slot) << shift) + carry;
            carry = product / LIMB_BASE;
            target.putInt(slot, (int) (product - carry * LIMB_BASE));
        }
        int count = limbs;
        while (carry > 0) {
            count++;
            target.putInt(end - count * LIMB_DIGITS, (int) (carry % LIMB_BASE));
            carry /= LIMB_BASE;
        }
        return count;
    }

    private static void spread(final MutableDirectBuffer target, final int slot) {
        int limb = target.getInt(slot);
        for (int i = LIMB_DIGITS - 1; i >= 0; i--) {
            target.putByte(slot + i, (byte) ('0' + limb % 10));
            limb /= 10;
        }
    }
}
