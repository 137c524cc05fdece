package io.lockstep.engine.arbitration;

import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * An off-heap array that grows without ever moving: entries of a power of two of bytes, zero at first, in segments that
 * double up to a limit and then stay as large as that. So it starts small, and one step of growing costs no more than
 * zeroing one segment. Segments of more than 256 bytes start at a cache line, as all blocks of the arena do.
 */
final class SegmentedArray {
    private static final long[] NONE = {};
    private static final int SEGMENTS_LEAST = 4;

    private final MemoryAccount account;
    private final int entryShift;
    private final int firstShift;
    private final int fullShift;
    private long[] segments = NONE;
    private int segmentCount;
    private int capacity;

    /**
     * @param firstShift the first segment has 1 &lt;&lt; firstShift entries
     * @param fullShift no segment has more than 1 &lt;&lt; fullShift
     */
    SegmentedArray(final MemoryAccount account, final int entryShift, final int firstShift, final int fullShift) {
        this.account = account;
        this.entryShift = entryShift;
        this.firstShift = firstShift;
        this.fullShift = fullShift;
    }

    /** The address of an entry below {@link #capacity()}. */
    long address(final int index) {
        final int place = index + (1 << firstShift);
        if (place < 1 << fullShift) {
            final int msb = 31 - Integer.numberOfLeadingZeros(place);
            return segments[msb - firstShift] + ((long) (place ^ (1 << msb)) << entryShift);
        }
        return segments[fullShift - firstShift - 1 + (place >>> fullShift)]
                + ((long) (place & ((1 << fullShift) - 1)) << entryShift);
    }

    int getInt(final int index) {
        return UnsafeApi.getInt(address(index));
    }

    void putInt(final int index, final int value) {
        UnsafeApi.putInt(address(index), value);
    }

    /** Makes room for one more entry than there is, if there is none. */
    void ensure(final int index) {
        if (index >= capacity) {
            addSegment();
        }
    }

    int capacity() {
        return capacity;
    }

    /** Gives all memory back; it is empty then. */
    void free() {
        for (int i = 0; i < segmentCount; i++) {
            account.free(account.arena().ref(segments[i]), 1 << Math.min(firstShift + i, fullShift) << entryShift);
        }
        segments = NONE;
        segmentCount = 0;
        capacity = 0;
    }

    private void addSegment() {
        final int entries = 1 << Math.min(firstShift + segmentCount, fullShift);
        final int bytes = entries << entryShift;
        final long address = account.arena().address(account.allocate(bytes));
        UnsafeApi.setMemory(address, bytes, (byte) 0);
        if (segmentCount == segments.length) {
            segments = Arrays.copyOf(segments, Math.max(SEGMENTS_LEAST, segmentCount * 2));
        }
        segments[segmentCount] = address;
        segmentCount++;
        capacity += entries;
    }
}
