package io.lockstep.engine.delivery;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Where the entries of one group lie, so that each is found without those before it. One thread. */
final class EntryGroup {
    private DirectBuffer buffer;
    private int blockLength;
    private int count;
    private int known;
    /** Of each entry, and the end of the last. */
    private int[] offsets = new int[1];

    /** Begins with the group that a cursor entered. */
    void begin(final DirectBuffer newBuffer, final int newCount, final int newBlockLength, final int firstOffset) {
        buffer = newBuffer;
        count = newCount;
        blockLength = newBlockLength;
        known = 0;
        if (offsets.length <= newCount) {
            offsets = new int[newCount + 1];
        }
        offsets[0] = firstOffset;
    }

    /** Adds the next entry. */
    void add(final int endOffset) {
        offsets[++known] = endOffset;
    }

    boolean isComplete() {
        return known == count;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int blockLength() {
        return blockLength;
    }

    int count() {
        return count;
    }

    /** Of an entry, or behind the last one. */
    int offset(final int entry) {
        return offsets[entry];
    }

    int length(final int entry) {
        return offsets[entry + 1] - offsets[entry];
    }

    /** The first field of an entry, if that is a uint16. */
    int firstField(final int entry) {
        return buffer.getShort(offsets[entry], ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
