package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * The tombstones of a database, in the order in which they were set, which is that of the stamped times.
 *
 * <pre>
 *   0                         16                24           28           32
 *  +-------------------------+-----------------+------------+------------+------------+
 *  | clock, StampDescriptor  | stamped time    | row number | set before | set after  |
 *  +-------------------------+-----------------+------------+------------+------------+
 * </pre>
 */
final class Tombstones {
    /** Bytes of a tombstone. */
    static final int BLOCK_BYTES = 36;

    private static final int STAMPED_TIME_OFFSET = StampDescriptor.LENGTH;
    private static final int ROW_OFFSET = STAMPED_TIME_OFFSET + 8;
    private static final int BEFORE_OFFSET = ROW_OFFSET + 4;
    private static final int AFTER_OFFSET = BEFORE_OFFSET + 4;

    private static final long DAY_MS = 24L * 60 * 60 * 1_000;

    /** No reference: such a block would end beyond the arena. */
    private static final int UNSORTED = -1;

    private final MemoryAccount account;
    private final Arena arena;
    private final RowTable rows;
    private final SiteTable sites;
    private final StateDigests digests;
    private final PruneMark mark;
    private int oldest;
    private int newest;
    private TombstoneSort sorting;
    private int unlinked;
    private long count;

    Tombstones(
            final MemoryAccount account,
            final RowTable rows,
            final SiteTable sites,
            final StateDigests digests,
            final PruneMark mark) {
        this.account = account;
        this.arena = account.arena();
        this.rows = rows;
        this.sites = sites;
        this.digests = digests;
        this.mark = mark;
    }

    long count() {
        return count;
    }

    /** When the oldest was set; 0 if there is none. In a test's first day of 1970 that is one, too. */
    long oldestMs() {
        return oldest == 0 ? 0 : Math.max(DAY_MS, stampedTimeMs(arena.address(oldest)));
    }

    /** Sets the row's tombstone, in place of the one that it may have. */
    void set(final long row, final Clock clock, final int opSeq, final long stampedTimeMs) {
        int ref = RowTable.tombstone(row);
        if (ref == 0) {
            ref = account.allocate(BLOCK_BYTES);
            RowTable.tombstone(row, ref);
            count++;
        } else {
            digests.subtractTombstone(RowTable.digestHash(row), arena.address(ref));
            unlink(ref);
        }
        final long tombstone = arena.address(ref);
        StampDescriptor.put(tombstone, clock, opSeq);
        UnsafeApi.putLong(tombstone + STAMPED_TIME_OFFSET, stampedTimeMs);
        UnsafeApi.putInt(tombstone + ROW_OFFSET, RowTable.number(row));
        append(ref);
        digests.addTombstone(RowTable.digestHash(row), tombstone);
    }

    /**
     * How far a prune may go at once: what was set before this time are so many tombstones at most, unless more were set in
     * the one oldest millisecond.
     *
     * @param beforeTimeMs how far it is to go in the end
     * @param countMax above 0
     * @return at most beforeTimeMs
     */
    long sliceEnd(final long beforeTimeMs, final int countMax) {
        int ref = oldest;
        for (int i = 0; i < countMax && ref != 0; i++) {
            ref = UnsafeApi.getInt(arena.address(ref) + AFTER_OFFSET);
        }
        if (ref == 0 || stampedTimeMs(arena.address(ref)) >= beforeTimeMs) {
            return beforeTimeMs;
        }
        final long timeMs = stampedTimeMs(arena.address(ref));
        return timeMs > stampedTimeMs(arena.address(oldest)) ? timeMs : timeMs + 1;
    }

    /**
     * Removes every tombstone that was set before a time, and rows of which nothing is left; raises the prune mark.
     *
     * @return how many were removed
     */
    long prune(final long beforeTimeMs) {
        if (oldest == 0 || stampedTimeMs(arena.address(oldest)) >= beforeTimeMs) {
            return 0;
        }
        if (mark.isPresent()) {
            digests.subtractPruneMark(mark);
        }
        final long countBefore = count;
        while (oldest != 0 && stampedTimeMs(arena.address(oldest)) < beforeTimeMs) {
            removeOldest();
        }
        digests.addPruneMark(mark);
        return countBefore - count;
    }

    private void removeOldest() {
        final int ref = oldest;
        final long tombstone = arena.address(ref);
        final int site = StampDescriptor.siteIndex(tombstone);
        mark.raise(
                StampDescriptor.wallCounter(tombstone),
                sites.high(site),
                sites.low(site),
                StampDescriptor.opSeq(tombstone));
        final int rowRef = rows.byNumber(UnsafeApi.getInt(tombstone + ROW_OFFSET));
        final long row = arena.address(rowRef);
        digests.subtractTombstone(RowTable.digestHash(row), tombstone);
        unlink(ref);
        account.free(ref, BLOCK_BYTES);
        count--;
        RowTable.tombstone(row, 0);
        if (RowTable.cellCount(row) == 0) {
            rows.remove(rowRef);
        }
    }

    private void append(final int ref) {
        final long tombstone = arena.address(ref);
        UnsafeApi.putInt(tombstone + BEFORE_OFFSET, newest);
        UnsafeApi.putInt(tombstone + AFTER_OFFSET, 0);
        if (newest == 0) {
            oldest = ref;
        } else {
            UnsafeApi.putInt(arena.address(newest) + AFTER_OFFSET, ref);
        }
        newest = ref;
    }

    private void unlink(final int ref) {
        final long tombstone = arena.address(ref);
        final int before = UnsafeApi.getInt(tombstone + BEFORE_OFFSET);
        final int after = UnsafeApi.getInt(tombstone + AFTER_OFFSET);
        if (before == 0) {
            oldest = after;
        } else {
            UnsafeApi.putInt(arena.address(before) + AFTER_OFFSET, after);
        }
        if (after == 0) {
            newest = before;
        } else {
            UnsafeApi.putInt(arena.address(after) + BEFORE_OFFSET, before);
        }
    }

    /** Raises the prune mark alone, as a snapshot tells it. */
    void raiseMark(final long wallCounter, final long siteHigh, final long siteLow, final int opSeq) {
        if (mark.isPresent()) {
            digests.subtractPruneMark(mark);
        }
        mark.raise(wallCounter, siteHigh, siteLow, opSeq);
        digests.addPruneMark(mark);
    }

    /** Brings the list into the order of stamped times, after tombstones were set in any order. */
    void sort() {
        while (!sort(Integer.MAX_VALUE)) {
            // A list may be longer than that.
        }
    }

    /**
     * Goes on with {@link #sort()} a little; until it is done nothing else may be called.
     *
     * @param most so many tombstones are looked at
     * @return true when it is done
     */
    boolean sort(final int most) {
        if (sorting == null) {
            sorting = new TombstoneSort(arena, STAMPED_TIME_OFFSET, AFTER_OFFSET, oldest);
            newest = 0;
            unlinked = UNSORTED;
        }
        if (unlinked == UNSORTED) {
            if (!sorting.step(most)) {
                return false;
            }
            oldest = sorting.first();
            unlinked = oldest;
        }
        for (int i = 0; i < most && unlinked != 0; i++) {
            UnsafeApi.putInt(arena.address(unlinked) + BEFORE_OFFSET, newest);
            newest = unlinked;
            unlinked = UnsafeApi.getInt(arena.address(unlinked) + AFTER_OFFSET);
        }
        if (unlinked != 0) {
            return false;
        }
        sorting = null;
        return true;
    }

    static long stampedTimeMs(final long tombstone) {
        return UnsafeApi.getLong(tombstone + STAMPED_TIME_OFFSET);
    }
}
