package io.lockstep.journal;

import java.util.Arrays;

/**
 * The position of every 64th sequence of each database. One thread puts; other threads look up after they have seen the
 * written position (acquire), and see at least what was put up to it.
 */
final class SequenceIndex {
    /** A sequence in so many is indexed. */
    static final int SPACING = 64;

    /** Ids above are not indexed: memory must not grow by a number that was merely read. */
    static final int DATABASES_MAX = 1 << 20;

    private static final int SPACING_SHIFT = 6;

    private static final class Database {
        private volatile long[] positions = new long[16];
        private volatile long last;
    }

    private volatile Database[] databases = new Database[16];

    void put(final int databaseId, final long sequence, final long position) {
        final Database database = databaseForPut(databaseId);
        if (database == null || sequence != database.last + 1) {
            return;
        }
        final int slot = (int) (database.last >>> SPACING_SHIFT);
        long[] positions = database.positions;
        if (slot >= positions.length) {
            positions = Arrays.copyOf(positions, positions.length * 2);
            database.positions = positions;
        }
        if ((database.last & (SPACING - 1)) == 0) {
            positions[slot] = position;
        }
        database.last = sequence;
    }

    /**
     * A position at or before the record that holds a sequence.
     *
     * @param databaseId any
     * @param sequence any
     * @return 0 if the journal holds no such sequence
     */
    long find(final int databaseId, final long sequence) {
        final Database[] known = databases;
        if (databaseId <= 0 || databaseId >= known.length || known[databaseId] == null) {
            return 0;
        }
        final Database database = known[databaseId];
        if (sequence < 1 || sequence > database.last) {
            return 0;
        }
        return database.positions[(int) ((sequence - 1) >>> SPACING_SHIFT)];
    }

    private Database databaseForPut(final int databaseId) {
        if (databaseId <= 0 || databaseId > DATABASES_MAX) {
            return null;
        }
        Database[] known = databases;
        if (databaseId >= known.length || known[databaseId] == null) {
            final int length = Math.max(known.length, Integer.highestOneBit(databaseId) << 1);
            known = Arrays.copyOf(known, length);
            known[databaseId] = new Database();
            databases = known;
        }
        return known[databaseId];
    }
}
