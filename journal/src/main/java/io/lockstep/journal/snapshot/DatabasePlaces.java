package io.lockstep.journal.snapshot;

import java.util.Arrays;

/** Where in a snapshot's file each database begins. Filled by one thread, and not changed once others know it. */
final class DatabasePlaces {
    static final long NONE = -1;

    private long[] offsets = new long[64];
    private int last;

    /** A block of a database lies here; only the first one counts. Ids ascend. */
    void note(final int databaseId, final long offset) {
        if (databaseId <= last) {
            return;
        }
        if (databaseId >= offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(databaseId + 1, offsets.length * 2));
        }
        Arrays.fill(offsets, last + 1, databaseId, NONE);
        offsets[databaseId] = offset;
        last = databaseId;
    }

    /** The offset of a database's first block, or {@link #NONE}. */
    long of(final int databaseId) {
        return databaseId >= 1 && databaseId <= last ? offsets[databaseId] : NONE;
    }

    /** Nothing is added any more: gives back what it has too much. */
    DatabasePlaces trim() {
        offsets = Arrays.copyOf(offsets, last + 1);
        return this;
    }
}
