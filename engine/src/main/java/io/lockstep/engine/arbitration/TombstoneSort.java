package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/** Merges a list of tombstones, linked by the one set after, into the order of their stamped times; needs no memory. */
final class TombstoneSort {
    private final Arena arena;
    private final int timeOffset;
    private final int afterOffset;

    TombstoneSort(final Arena arena, final int timeOffset, final int afterOffset) {
        this.arena = arena;
        this.timeOffset = timeOffset;
        this.afterOffset = afterOffset;
    }

    /** Sorts by merging runs of 1, 2, 4 ...; stable. Returns the first; only the links forward are right after it. */
    int sort(final int first) {
        int head = first;
        long width = 1;
        int runs;
        do {
            int left = head;
            int tail = 0;
            head = 0;
            runs = 0;
            while (left != 0) {
                runs++;
                int right = left;
                long leftSize = 0;
                while (leftSize < width && right != 0) {
                    right = after(right);
                    leftSize++;
                }
                long rightSize = width;
                while (leftSize > 0 || (rightSize > 0 && right != 0)) {
                    final int taken;
                    if (leftSize > 0 && (rightSize == 0 || right == 0 || time(left) <= time(right))) {
                        taken = left;
                        left = after(left);
                        leftSize--;
                    } else {
                        taken = right;
                        right = after(right);
                        rightSize--;
                    }
                    if (tail == 0) {
                        head = taken;
                    } else {
                        UnsafeApi.putInt(arena.address(tail) + afterOffset, taken);
                    }
                    tail = taken;
                }
                left = right;
            }
            if (tail != 0) {
                UnsafeApi.putInt(arena.address(tail) + afterOffset, 0);
            }
            width *= 2;
        } while (runs > 1);
        return head;
    }

    private int after(final int ref) {
        return UnsafeApi.getInt(arena.address(ref) + afterOffset);
    }

    private long time(final int ref) {
        return UnsafeApi.getLong(arena.address(ref) + timeOffset);
    }
}
