package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * The rows of a database: found by identity, numbered for paging, each with a directory of its cells in ascending order
 * of column number.
 *
 * <p>A row's number stays as long as the row does; its block may move when the directory grows.
 *
 * <pre>
 *   0           4           8                 16            20           24         26       28        32
 *  +-----------+-----------+-----------------+-------------+------------+----------+--------+---------+----
 *  | number    | table     | digest hash     | table hash  | tombstone  | key      | cells, | room for| key,
 *  |           |           |                 |             | or 0       | length   | u16    | cells   | padded
 *  +-----------+-----------+-----------------+-------------+------------+----------+--------+---------+----
 *  then the directory:  { column, int | cell, int } ...
 * </pre>
 */
final class RowTable {
    private static final int NUMBER_OFFSET = 0;
    private static final int TABLE_OFFSET = 4;
    private static final int DIGEST_HASH_OFFSET = 8;
    private static final int HASH_OFFSET = 16;
    private static final int TOMBSTONE_OFFSET = 20;
    private static final int KEY_LENGTH_OFFSET = 24;
    private static final int COUNT_OFFSET = 26;
    private static final int CAPACITY_OFFSET = 28;
    private static final int KEY_OFFSET = 32;
    private static final int ENTRY_SHIFT = 3;
    private static final int REF_SHIFT = 2;
    private static final int FIRST_CAPACITY = 1;
    private static final int LINEAR_SEARCH_MAX = 12;

    private final MemoryAccount account;
    private final Arena arena;
    private final NameTable tables;
    private final HashIndex index;
    private final SegmentedArray refs;
    private final SegmentedArray freeNumbers;
    private int freeCount;
    private int numberCount;

    RowTable(final MemoryAccount account, final NameTable tables) {
        this.account = account;
        this.arena = account.arena();
        this.tables = tables;
        index = new HashIndex(account);
        refs = new SegmentedArray(account, REF_SHIFT, 3, 14);
        freeNumbers = new SegmentedArray(account, REF_SHIFT, 3, 14);
    }

    static int blockBytes(final int keyLength, final int capacity) {
        return KEY_OFFSET + ((keyLength + 7) & -8) + (capacity << ENTRY_SHIFT);
    }

    /** Room in the directory for one cell more than a full one has. */
    static int grownCapacity(final int capacity) {
        return capacity == 0 ? FIRST_CAPACITY : capacity + Math.max(2, capacity >>> 1);
    }

    int count() {
        return index.size();
    }

    /** Row numbers are below this. */
    int numberCount() {
        return numberCount;
    }

    /** Reads a word of the bucket that a hash leads to. */
    int touchBucket(final int hash) {
        return index.touch(hash);
    }

    /** The first row with a hash, perhaps not the one that is meant; 0 if there is none. */
    int firstWith(final int hash) {
        final long candidate = index.find(hash);
        return candidate < 0 ? 0 : (int) candidate;
    }

    /** Reads a word of the row, so that it is at hand. */
    static int touch(final long row) {
        return UnsafeApi.getInt(row);
    }

    /** Reads a word of the end of the row, which is often in another line. */
    static int touchDirectory(final long row) {
        return UnsafeApi.getInt(directory(row) + ((long) Math.max(0, cellCount(row) - 1) << ENTRY_SHIFT));
    }

    /** The row of the change, 0 if there is none. */
    int find(final int hash, final ChangeCursor change) {
        long candidate = index.find(hash);
        while (candidate >= 0) {
            final int ref = (int) candidate;
            final long row = arena.address(ref);
            if (keyLength(row) == change.keyLength()
                    && NativeBytes.equal(change.buffer(), change.key(), change.keyLength(), row + KEY_OFFSET)
                    && tables.matches(tableId(row), change.buffer(), change.row(), change.tableLength())) {
                return ref;
            }
            candidate = index.findNext();
        }
        return 0;
    }

    /** Adds the row of the change, which is not there. */
    int create(final int hash, final ChangeCursor change, final int tableId, final long digestHash) {
        return create(hash, change, tableId, digestHash, 0);
    }

    /** As above, with room for so many cells: what is known to come need not grow step by step. */
    int create(
            final int hash, final ChangeCursor change, final int tableId, final long digestHash, final int capacity) {
        final int keyLength = change.keyLength();
        final int ref = account.allocate(blockBytes(keyLength, capacity));
        final long row = arena.address(ref);
        final int number;
        if (freeCount > 0) {
            freeCount--;
            number = freeNumbers.getInt(freeCount);
        } else {
            number = numberCount;
            refs.ensure(number);
            numberCount++;
        }
        refs.putInt(number, ref);
        UnsafeApi.putInt(row + NUMBER_OFFSET, number);
        UnsafeApi.putInt(row + TABLE_OFFSET, tableId);
        UnsafeApi.putLong(row + DIGEST_HASH_OFFSET, digestHash);
        UnsafeApi.putInt(row + HASH_OFFSET, hash);
        UnsafeApi.putInt(row + TOMBSTONE_OFFSET, 0);
        UnsafeApi.putShort(row + KEY_LENGTH_OFFSET, (short) keyLength);
        UnsafeApi.putShort(row + COUNT_OFFSET, (short) 0);
        UnsafeApi.putInt(row + CAPACITY_OFFSET, capacity);
        NativeBytes.read(change.buffer(), change.key(), keyLength, row + KEY_OFFSET);
        index.insert(hash, ref);
        return ref;
    }

    /**
     * Gives memory back, a little at a time, with that of cells and tombstones; from the first call on nothing else may be
     * called.
     *
     * @param most cells, rows and buckets of a call, but for the cells of one row
     * @return true when all of it was
     */
    boolean free(final int most) {
        int freed = 0;
        while (numberCount > 0 && freed < most) {
            numberCount--;
            freed++;
            final int ref = refs.getInt(numberCount);
            if (ref != 0) {
                freed += freeRow(ref);
            }
        }
        if (numberCount > 0 || !index.free(most)) {
            return false;
        }
        refs.free();
        freeNumbers.free();
        return true;
    }

    private int freeRow(final int ref) {
        final long row = arena.address(ref);
        final int cells = cellCount(row);
        for (int place = 0; place < cells; place++) {
            CellDescriptor.free(account, cell(row, place));
        }
        if (tombstone(row) != 0) {
            account.free(tombstone(row), Tombstones.BLOCK_BYTES);
        }
        account.free(ref, blockBytes(keyLength(row), capacity(row)));
        return cells;
    }

    /** Removes a row that has neither cells nor tombstone; its number may be given to another one. */
    void remove(final int ref) {
        final long row = arena.address(ref);
        final int number = number(row);
        index.remove(UnsafeApi.getInt(row + HASH_OFFSET), ref);
        refs.putInt(number, 0);
        freeNumbers.ensure(freeCount);
        freeNumbers.putInt(freeCount, number);
        freeCount++;
        account.free(ref, blockBytes(keyLength(row), capacity(row)));
    }

    /** The row with a number below {@link #numberCount()}, 0 if there is none. */
    int byNumber(final int number) {
        return refs.getInt(number);
    }

    /** Place of a column's entry in the directory; if there is none, where it would go as {@code -place - 1}. */
    static int place(final long row, final int column) {
        final int count = cellCount(row);
        final long directory = directory(row);
        if (count <= LINEAR_SEARCH_MAX) {
            int i = 0;
            while (i < count) {
                final int found = UnsafeApi.getInt(directory + ((long) i << ENTRY_SHIFT));
                if (found >= column) {
                    return found == column ? i : -i - 1;
                }
                i++;
            }
            return -i - 1;
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            final int found = UnsafeApi.getInt(directory + ((long) middle << ENTRY_SHIFT));
            if (found == column) {
                return middle;
            }
            if (found < column) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** Puts a cell into the directory; the row's block may move, and is returned. */
    int insertCell(final int ref, final int place, final int column, final int cell) {
        final int grown = grow(ref);
        final long row = arena.address(grown);
        final int count = cellCount(row);
        final long entry = directory(row) + ((long) place << ENTRY_SHIFT);
        final int behind = (count - place) << ENTRY_SHIFT;
        if (behind > 0) {
            UnsafeApi.copyMemory(entry, entry + (1 << ENTRY_SHIFT), behind);
        }
        UnsafeApi.putInt(entry, column);
        UnsafeApi.putInt(entry + Integer.BYTES, cell);
        cellCount(row, count + 1);
        return grown;
    }

    static void cell(final long row, final int place, final int cell) {
        UnsafeApi.putInt(directory(row) + ((long) place << ENTRY_SHIFT) + Integer.BYTES, cell);
    }

    static int cell(final long row, final int place) {
        return UnsafeApi.getInt(directory(row) + ((long) place << ENTRY_SHIFT) + Integer.BYTES);
    }

    static int column(final long row, final int place) {
        return UnsafeApi.getInt(directory(row) + ((long) place << ENTRY_SHIFT));
    }

    /** Moves an entry to a place that is free: the way to close up when cells go. */
    static void moveEntry(final long row, final int from, final int to) {
        if (from != to) {
            final long directory = directory(row);
            UnsafeApi.putLong(
                    directory + ((long) to << ENTRY_SHIFT),
                    UnsafeApi.getLong(directory + ((long) from << ENTRY_SHIFT)));
        }
    }

    static int cellCount(final long row) {
        return UnsafeApi.getShort(row + COUNT_OFFSET) & 0xFFFF;
    }

    static void cellCount(final long row, final int count) {
        UnsafeApi.putShort(row + COUNT_OFFSET, (short) count);
    }

    static int capacity(final long row) {
        return UnsafeApi.getInt(row + CAPACITY_OFFSET);
    }

    static int number(final long row) {
        return UnsafeApi.getInt(row + NUMBER_OFFSET);
    }

    static int tableId(final long row) {
        return UnsafeApi.getInt(row + TABLE_OFFSET);
    }

    static long digestHash(final long row) {
        return UnsafeApi.getLong(row + DIGEST_HASH_OFFSET);
    }

    static int tombstone(final long row) {
        return UnsafeApi.getInt(row + TOMBSTONE_OFFSET);
    }

    static void tombstone(final long row, final int ref) {
        UnsafeApi.putInt(row + TOMBSTONE_OFFSET, ref);
    }

    static int keyLength(final long row) {
        return UnsafeApi.getShort(row + KEY_LENGTH_OFFSET) & 0xFFFF;
    }

    static long key(final long row) {
        return row + KEY_OFFSET;
    }

    private static long directory(final long row) {
        return row + KEY_OFFSET + ((keyLength(row) + 7) & -8);
    }

    private int grow(final int ref) {
        final long row = arena.address(ref);
        final int capacity = capacity(row);
        if (cellCount(row) < capacity) {
            return ref;
        }
        final int keyLength = keyLength(row);
        final int bytes = blockBytes(keyLength, capacity);
        final int grown = account.allocate(blockBytes(keyLength, grownCapacity(capacity)));
        final long moved = arena.address(grown);
        UnsafeApi.copyMemory(row, moved, bytes);
        UnsafeApi.putInt(moved + CAPACITY_OFFSET, grownCapacity(capacity));
        index.replace(UnsafeApi.getInt(row + HASH_OFFSET), ref, grown);
        refs.putInt(number(row), grown);
        account.free(ref, bytes);
        return grown;
    }
}
