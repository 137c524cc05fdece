package io.lockstep.codec.value;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Unsigned comparison of bytes, eight at a time. Stateless; any thread; allocates nothing. */
public final class ByteOrders {
    private ByteOrders() {}

    /**
     * Compares two ranges byte by byte, unsigned; of two that agree, the shorter comes first.
     *
     * @param a holds one
     * @param aOffset of its first byte
     * @param aLength bytes
     * @param b holds the other
     * @param bOffset of its first byte
     * @param bLength bytes
     * @return below, equal to or above 0 as a is below, equal to or above b
     */
    public static int compareUnsigned(
            final DirectBuffer a,
            final int aOffset,
            final int aLength,
            final DirectBuffer b,
            final int bOffset,
            final int bLength) {
        final int common = Math.min(aLength, bLength);
        int index = 0;
        for (; common - index >= Long.BYTES; index += Long.BYTES) {
            final long left = a.getLong(aOffset + index, ByteOrder.BIG_ENDIAN);
            final long right = b.getLong(bOffset + index, ByteOrder.BIG_ENDIAN);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; index < common; index++) {
            final int left = a.getByte(aOffset + index) & 0xFF;
            final int right = b.getByte(bOffset + index) & 0xFF;
            if (left != right) {
                return left - right;
            }
        }
        return Integer.compare(aLength, bLength);
    }
}
