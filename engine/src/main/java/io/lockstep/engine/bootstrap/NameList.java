package io.lockstep.engine.bootstrap;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Names by number, in one piece of memory. One thread. */
final class NameList {
    private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer(256);
    private int[] ends = new int[16];
    private int count;

    int count() {
        return count;
    }

    void add(final DirectBuffer buffer, final int offset, final int length) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        final int start = offset(count);
        bytes.putBytes(start, buffer, offset, length);
        ends[count++] = start + length;
    }

    DirectBuffer buffer() {
        return bytes;
    }

    int offset(final int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    int length(final int number) {
        return ends[number] - offset(number);
    }

    /** Tells the length that was copied. */
    int copy(final int number, final MutableDirectBuffer out, final int offset) {
        final int length = length(number);
        bytes.getBytes(offset(number), out, offset, length);
        return length;
    }

    long heldBytes() {
        return bytes.capacity() + (long) ends.length * Integer.BYTES;
    }
}
