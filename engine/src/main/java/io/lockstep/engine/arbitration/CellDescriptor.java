package io.lockstep.engine.arbitration;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * A live cell.
 *
 * <pre>
 *   0                           16           20
 *  +---------------------------+------------+------------------------------+
 *  | clock, StampDescriptor    | length     | value in the value encoding  |
 *  +---------------------------+------------+------------------------------+
 * </pre>
 */
final class CellDescriptor {
    private static final int VALUE_LENGTH_OFFSET = StampDescriptor.LENGTH;
    private static final int VALUE_OFFSET = VALUE_LENGTH_OFFSET + 4;

    private CellDescriptor() {}

    static int blockBytes(final int valueLength) {
        return VALUE_OFFSET + valueLength;
    }

    static void put(
            final long cell,
            final Clock clock,
            final int opSeq,
            final DirectBuffer value,
            final int valueOffset,
            final int valueLength) {
        StampDescriptor.put(cell, clock, opSeq);
        UnsafeApi.putInt(cell + VALUE_LENGTH_OFFSET, valueLength);
        NativeBytes.read(value, valueOffset, valueLength, cell + VALUE_OFFSET);
    }

    static long value(final long cell) {
        return cell + VALUE_OFFSET;
    }

    static int valueLength(final long cell) {
        return UnsafeApi.getInt(cell + VALUE_LENGTH_OFFSET);
    }
}
