package io.lockstep.engine.arbitration;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds out, before anything is applied, which columns will survive the deletes of a change set.
 *
 * <p>This can be known beforehand: whether a delete applies does not depend on earlier changes of its own set, which have
 * lower clocks, and neither does any cell with a higher clock.
 */
final class SurvivorScan {
    private static final int NAME_OFFSET = RecordEncoder.SURVIVOR_FIXED_BYTES;

    private final Arena arena;
    private final TableHash tableHash;
    private final ExpandableArrayBuffer entries = new ExpandableArrayBuffer(1_024);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int[] survivors = new int[64];
    private int length;
    private int count;

    SurvivorScan(final Arena arena, final TableHash tableHash) {
        this.arena = arena;
        this.tableHash = tableHash;
    }

    /**
     * Scans a change set whose site is authorised, in a database where the last writer wins.
     *
     * @return false if the survivors take more than so many bytes
     */
    boolean scan(final Database database, final Clock clock, final ChangeCursor changes, final int bytesMax) {
        begin();
        return scanMore(database, clock, changes, bytesMax, Integer.MAX_VALUE);
    }

    /** Begins what {@link #scan} does at once. */
    void begin() {
        length = 0;
        count = 0;
    }

    /** Scans so many changes more, as far as there are any. False if the survivors take more than so many bytes. */
    boolean scanMore(
            final Database database,
            final Clock clock,
            final ChangeCursor changes,
            final int bytesMax,
            final int changesMax) {
        for (int i = 0; i < changesMax && changes.next(); i++) {
            if (changes.isDelete()) {
                final int hash = tableHash.hash(changes.buffer(), changes.row(), changes.rowLength());
                final int row = database.rowTable().find(hash, changes);
                if (row != 0 && !onDelete(database, clock, changes, arena.address(row), bytesMax)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The entries as a record holds them. */
    ExpandableArrayBuffer entries() {
        return entries;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    private boolean onDelete(
            final Database database, final Clock clock, final ChangeCursor change, final long row, final int bytesMax) {
        final int tombstone = RowTable.tombstone(row);
        if (tombstone == 0
                ? database.mark().covers(clock, change.opSeq())
                : database.sites().compare(clock, change.opSeq(), arena.address(tombstone)) <= 0) {
            return true;
        }
        final int cells = RowTable.cellCount(row);
        int found = 0;
        for (int place = 0; place < cells; place++) {
            final long cell = arena.address(RowTable.cell(row, place));
            if (database.sites().compare(clock, change.opSeq(), cell) < 0) {
                if (found == survivors.length) {
                    survivors = Arrays.copyOf(survivors, found * 2);
                }
                survivors[found] = RowTable.column(row, place);
                found++;
            }
        }
        final NameTable columns = database.columns();
        sortByName(columns, found);
        for (int i = 0; i < found; i++) {
            final int nameLength = columns.length(survivors[i]);
            if (length + NAME_OFFSET + nameLength > bytesMax || count == RecordEncoder.SURVIVORS_MAX) {
                length += NAME_OFFSET + nameLength;
                return false;
            }
            entries.putShort(length, (short) change.index(), ByteOrder.LITTLE_ENDIAN);
            entries.putShort(length + Short.BYTES, (short) nameLength, ByteOrder.LITTLE_ENDIAN);
            view.wrap(columns.bytes(survivors[i]), nameLength);
            entries.putBytes(length + NAME_OFFSET, view, 0, nameLength);
            length += NAME_OFFSET + nameLength;
            count++;
        }
        return true;
    }

    /** Heap sort: no memory, and no bad case for a client to find. */
    private void sortByName(final NameTable columns, final int size) {
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(columns, i, size);
        }
        for (int end = size - 1; end > 0; end--) {
            final int largest = survivors[0];
            survivors[0] = survivors[end];
            survivors[end] = largest;
            siftDown(columns, 0, end);
        }
    }

    private void siftDown(final NameTable columns, final int start, final int size) {
        int parent = start;
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && compare(columns, survivors[child], survivors[child + 1]) < 0) {
                child++;
            }
            if (compare(columns, survivors[parent], survivors[child]) >= 0) {
                return;
            }
            final int moved = survivors[parent];
            survivors[parent] = survivors[child];
            survivors[child] = moved;
            parent = child;
        }
    }

    private static int compare(final NameTable columns, final int a, final int b) {
        return NativeBytes.compare(columns.bytes(a), columns.length(a), columns.bytes(b), columns.length(b));
    }
}
