package io.lockstep.codec.value;

import org.agrona.DirectBuffer;

/**
 * Which of two values is the larger one, for two writes that carry the same clock: by type code first, then integers and
 * decimals by value, reals by their 64 bits unsigned, everything else by bytes unsigned. Stateless; any thread;
 * allocates nothing.
 */
public final class ValueOrder {
    private ValueOrder() {}

    /**
     * Compares two values, each walked before.
     *
     * @param a holds one
     * @param aOffset of its type code
     * @param aLength bytes of the whole value
     * @param b holds the other
     * @param bOffset of its type code
     * @param bLength bytes of the whole value
     * @return below, equal to or above 0 as a is below, equal to or above b; 0 only if their bytes are the same
     */
    public static int compare(
            final DirectBuffer a,
            final int aOffset,
            final int aLength,
            final DirectBuffer b,
            final int bOffset,
            final int bLength) {
        final int type = ValueReader.type(a, aOffset);
        final int otherType = ValueReader.type(b, bOffset);
        if (type != otherType) {
            return Integer.compare(type, otherType);
        }
        return switch (type) {
            case ValueType.NULL -> 0;
            case ValueType.INTEGER ->
                Long.compare(ValueReader.longValue(a, aOffset), ValueReader.longValue(b, bOffset));
            case ValueType.REAL ->
                Long.compareUnsigned(ValueReader.realBits(a, aOffset), ValueReader.realBits(b, bOffset));
            case ValueType.BOOLEAN -> Byte.compare(a.getByte(aOffset + 1), b.getByte(bOffset + 1));
            case ValueType.DECIMAL ->
                Decimals.compare(
                        a,
                        ValueReader.contentOffset(aOffset),
                        aLength - ValueWriter.PREFIX_LENGTH,
                        b,
                        ValueReader.contentOffset(bOffset),
                        bLength - ValueWriter.PREFIX_LENGTH);
            default ->
                ByteOrders.compareUnsigned(
                        a,
                        ValueReader.contentOffset(aOffset),
                        aLength - ValueWriter.PREFIX_LENGTH,
                        b,
                        ValueReader.contentOffset(bOffset),
                        bLength - ValueWriter.PREFIX_LENGTH);
        };
    }
}
