package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * Brings into the processor's cache what the next change sets will need, before the first of them is decided: each
 * waits for three or four lines of memory in turn, but those of different sets can be waited for at once. Reads only, and
 * what it reads decides nothing. Used by the arbiter's thread.
 */
final class Prefetcher {
    private static final int CHANGES_MAX = 128;

    private final Arena arena;
    private final TableHash tableHash;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MigrationCursor migrations = new MigrationCursor();
    private final ChangeCursor changes = new ChangeCursor();
    private final RowTable[] tables = new RowTable[CHANGES_MAX];
    private final int[] hashes = new int[CHANGES_MAX];
    private final int[] columns = new int[CHANGES_MAX];
    private final long[] rows = new long[CHANGES_MAX];
    private final long[] cells = new long[CHANGES_MAX];
    private int count;
    private long touched;

    Prefetcher(final Arena arena, final TableHash tableHash) {
        this.arena = arena;
        this.tableHash = tableHash;
    }

    /** Takes note of the changes of a validated SubmitChangeSet. */
    void expect(final Database database, final DirectBuffer body, final int offset) {
        header.wrap(body, offset);
        migrations.wrap(body, offset + MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        while (migrations.next()) {
            // Only its end is of interest.
        }
        changes.wrap(body, migrations.end());
        while (count < CHANGES_MAX && changes.next()) {
            final int hash = tableHash.hash(body, changes.row(), changes.rowLength());
            tables[count] = database.rowTable();
            hashes[count] = hash;
            columns[count] = changes.isDelete()
                    ? NameTable.UNKNOWN
                    : database.columns().find(body, changes.column(), changes.columnLength());
            count++;
        }
    }

    /**
     * Asks for the buckets of everything expected, then for the rows, then for the cells. Each pass is a loop so short that the
     * processor is in the next rounds of it while it waits for the first.
     *
     * @return what was read, so that no compiler leaves it out
     */
    long prefetch() {
        for (int i = 0; i < count; i++) {
            touched += tables[i].touchBucket(hashes[i]);
        }
        final int rowCount = findRows();
        for (int i = 0; i < rowCount; i++) {
            touched += RowTable.touch(rows[i]);
        }
        for (int i = 0; i < rowCount; i++) {
            touched += RowTable.touchDirectory(rows[i]);
        }
        final int cellCount = findCells(rowCount);
        for (int i = 0; i < cellCount; i++) {
            touched += CellDescriptor.touch(cells[i]);
        }
        for (int i = 0; i < cellCount; i++) {
            touched += CellDescriptor.touchEnd(cells[i]);
        }
        count = 0;
        return touched;
    }

    private int findRows() {
        int found = 0;
        for (int i = 0; i < count; i++) {
            final int ref = tables[i].firstWith(hashes[i]);
            tables[i] = null;
            if (ref != 0) {
                rows[found] = arena.address(ref);
                columns[found] = columns[i];
                found++;
            }
        }
        return found;
    }

    private int findCells(final int rowCount) {
        int found = 0;
        for (int i = 0; i < rowCount; i++) {
            final int place = columns[i] == NameTable.UNKNOWN ? -1 : RowTable.place(rows[i], columns[i]);
            if (place >= 0) {
                cells[found++] = arena.address(RowTable.cell(rows[i], place));
            }
        }
        return found;
    }
}
