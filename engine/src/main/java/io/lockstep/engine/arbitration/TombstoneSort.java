package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * Merges a list of tombstones, linked by the one set after, into the order of their stamped times; needs no memory. Merges
 * runs of 1, 2, 4 ... and is stable. Can be done in pieces, between which nobody may touch the list.
 */
final class TombstoneSort {
    private enum Phase {
        /** Looks for the end of the left run, which is where the right one starts. */
        SPLIT,
        MERGE,
        DONE
    }

    private final Arena arena;
    private final int timeOffset;
    private final int afterOffset;
    private Phase phase;
    private int head;
    private int tail;
    private int left;
    private int right;
    private long leftSize;
    private long rightSize;
    private long width;
    private int runs;

    TombstoneSort(final Arena arena, final int timeOffset, final int afterOffset, final int first) {
        this.arena = arena;
        this.timeOffset = timeOffset;
        this.afterOffset = afterOffset;
        head = first;
        width = 1;
        pass();
    }

    /** The first, when it is done; only the links forward are right. */
    int first() {
        return head;
    }

    /**
     * Goes on a little.
     *
     * @param most so many tombstones are looked at
     * @return true when it is done
     */
    boolean step(final int most) {
        for (int i = 0; i < most && phase != Phase.DONE; i++) {
            if (phase == Phase.SPLIT) {
                split();
            } else {
                merge();
            }
        }
        return phase == Phase.DONE;
    }

    private void pass() {
        left = head;
        right = left;
        leftSize = 0;
        tail = 0;
        head = 0;
        runs = 0;
        phase = left == 0 ? Phase.DONE : Phase.SPLIT;
    }

    private void split() {
        if (leftSize < width && right != 0) {
            right = after(right);
            leftSize++;
            return;
        }
        runs++;
        rightSize = width;
        phase = Phase.MERGE;
    }

    private void merge() {
        final boolean rightRemains = rightSize > 0 && right != 0;
        if (leftSize > 0 && (!rightRemains || time(left) <= time(right))) {
            final int taken = left;
            left = after(left);
            leftSize--;
            append(taken);
        } else if (rightRemains) {
            final int taken = right;
            right = after(right);
            rightSize--;
            append(taken);
        } else {
            nextRun();
        }
    }

    private void nextRun() {
        left = right;
        leftSize = 0;
        phase = Phase.SPLIT;
        if (left == 0) {
            UnsafeApi.putInt(arena.address(tail) + afterOffset, 0);
            width *= 2;
            if (runs > 1) {
                pass();
            } else {
                phase = Phase.DONE;
            }
        }
    }

    private void append(final int taken) {
        if (tail == 0) {
            head = taken;
        } else {
            UnsafeApi.putInt(arena.address(tail) + afterOffset, taken);
        }
        tail = taken;
    }

    private int after(final int ref) {
        return UnsafeApi.getInt(arena.address(ref) + afterOffset);
    }

    private long time(final int ref) {
        return UnsafeApi.getLong(arena.address(ref) + timeOffset);
    }
}
