package io.lockstep.engine.arbitration;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Counts, for rows that might get too many columns, the new columns that a change set brings to each. An exact set of
 * rows and of columns of rows, both as runs of bytes of the command: no such run can be both.
 */
final class ColumnBudget {
    private final TableHash tableHash;
    private final int slotCount;
    private int[] offsets;
    private int[] lengths;
    private int[] columns;
    private DirectBuffer buffer;
    private int highest;

    ColumnBudget(final TableHash tableHash, final int changesMax) {
        this.tableHash = tableHash;
        slotCount = Integer.highestOneBit(changesMax) << 3;
    }

    void start() {
        highest = 0;
        if (offsets == null) {
            offsets = new int[slotCount];
            lengths = new int[slotCount];
            columns = new int[slotCount];
        }
        Arrays.fill(lengths, 0);
    }

    /** Most columns of a row so far, of those rows that were added. */
    int highest() {
        return highest;
    }

    /** Adds a write to a column that its row does not have; tells how many the row has. */
    void add(final ChangeCursor change, final int present) {
        buffer = change.buffer();
        final int throughColumn = change.column() + change.columnLength() - change.row();
        final int column = slot(change.row(), throughColumn);
        if (lengths[column] != 0) {
            return;
        }
        offsets[column] = change.row();
        lengths[column] = throughColumn;
        final int row = slot(change.row(), change.rowLength());
        if (lengths[row] == 0) {
            offsets[row] = change.row();
            lengths[row] = change.rowLength();
            columns[row] = present;
        }
        columns[row]++;
        highest = Math.max(highest, columns[row]);
    }

    private int slot(final int offset, final int length) {
        int slot = tableHash.hash(buffer, offset, length) & (slotCount - 1);
        while (lengths[slot] != 0 && !matches(slot, offset, length)) {
            slot = (slot + 1) & (slotCount - 1);
        }
        return slot;
    }

    private boolean matches(final int slot, final int offset, final int length) {
        if (lengths[slot] != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offsets[slot] + i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
