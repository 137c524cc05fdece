package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

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
    private int count;
    private long touched;

    Prefetcher(final Arena arena, final TableHash tableHash) {
        this.arena = arena;
        this.tableHash = tableHash;
    }

    /** Takes note of the changes of a validated SubmitChangeSet, and asks for their buckets. */
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
            touched += database.rowTable().touchBucket(hash);
            count++;
        }
    }

    /** Asks for the rows of everything expected, then for the cells. Answers what was read, so that no compiler leaves it out. */
    long prefetch() {
        for (int i = 0; i < count; i++) {
            final int ref = tables[i].firstWith(hashes[i]);
            final long row = ref == 0 ? 0 : arena.address(ref);
            rows[i] = row;
            touched += row == 0 ? 0 : UnsafeApi.getInt(row) + UnsafeApi.getInt(RowTable.key(row));
        }
        for (int i = 0; i < count; i++) {
            if (rows[i] != 0 && columns[i] != NameTable.UNKNOWN) {
                final int place = RowTable.place(rows[i], columns[i]);
                touched += place < 0 ? 0 : UnsafeApi.getLong(arena.address(RowTable.cell(rows[i], place)));
            }
            tables[i] = null;
        }
        count = 0;
        return touched;
    }
}
