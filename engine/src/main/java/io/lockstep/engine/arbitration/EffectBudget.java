package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;

/**
 * Finds out, before anything is applied, whether the effects of a change set stay within the memory quota and the limit
 * on columns of a row. What changes nothing needs nothing, so that sending a set again is never refused.
 *
 * <p>A rough upper bound decides almost always. Where that is too much, each change is looked up: memory is then counted
 * as if no change of the set could use room that another one made, and columns as if nothing in the set were deleted.
 */
final class EffectBudget {
    /** More than any change takes beside its own bytes: row, cell, tombstone, names, their entries in tables. */
    private static final int CHANGE_BYTES_MAX = 512;

    /** More than all tables of a database grow by for a small set: a segment each. */
    private static final int SEGMENTS_BYTES_MAX = 1 << 20;

    /** What a directory may grow by for a cell, beside the first step. */
    private static final int DIRECTORY_ENTRY_BYTES = 24;

    /** Part of a quota that only sets of deletes may use, so that a full database can be emptied. */
    private static final int DELETE_RESERVE_SHIFT = 4;

    private final Arena arena;
    private final TableHash tableHash;
    private final long databaseBytesMax;
    private final int columnsPerRowMax;
    private final ColumnBudget columnBudget;
    private boolean countColumns;
    private boolean deletesOnly;
    private long need;
    private long limitValue;
    private long actualValue;

    EffectBudget(final Arena arena, final TableHash tableHash, final ArbiterContext context, final int changesMax) {
        this.arena = arena;
        this.tableHash = tableHash;
        databaseBytesMax = context.databaseBytesMax();
        columnsPerRowMax = context.columnsPerRowMax();
        columnBudget = new ColumnBudget(tableHash, changesMax);
    }

    long limitValue() {
        return limitValue;
    }

    long actualValue() {
        return actualValue;
    }

    /**
     * Checks a change set whose keys are in the form of the database. The cursors stand before their first entry.
     *
     * @return null if it may be applied
     */
    ErrorCode check(
            final Database database,
            final Clock clock,
            final MigrationCursor migrations,
            final ChangeCursor changes,
            final int commandLength) {
        final boolean columnsMayExceed = database.columns().count() + changes.count() > columnsPerRowMax;
        if (!columnsMayExceed && fits(roughNeed(migrations, changes, commandLength), database, false)) {
            return null;
        }
        begin(columnsMayExceed, migrations);
        final ErrorCode code = lookUp(database, clock, migrations, changes, Integer.MAX_VALUE);
        return code == null ? verdict(database) : code;
    }

    /** Begins to look every change up; asks for no rough bound. The cursors stand before their first entry. */
    void begin(final Database database, final MigrationCursor migrations, final ChangeCursor changes) {
        begin(database.columns().count() + changes.count() > columnsPerRowMax, migrations);
    }

    private void begin(final boolean columnsMayExceed, final MigrationCursor migrations) {
        countColumns = columnsMayExceed;
        need = 0;
        deletesOnly = migrations.count() == 0;
        if (columnsMayExceed) {
            columnBudget.start();
        }
    }

    private long roughNeed(final MigrationCursor migrations, final ChangeCursor changes, final int commandLength) {
        return SEGMENTS_BYTES_MAX
                + 2L * commandLength
                + (long) (changes.count() + migrations.count())
                        * (CHANGE_BYTES_MAX + DIRECTORY_ENTRY_BYTES * (long) columnsPerRowMax);
    }

    private boolean fits(final long bytes, final Database database, final boolean fromReserve) {
        final long quota = databaseBytesMax + (fromReserve ? databaseBytesMax >> DELETE_RESERVE_SHIFT : 0);
        actualValue = database.bytes() + bytes;
        limitValue = quota;
        if (actualValue > quota) {
            return false;
        }
        // Fresh memory that nobody but deletes may use, and what is lost where a block does not fit the end of a chunk.
        final int reserve = Arena.BLOCK_BYTES_MAX + (fromReserve ? 0 : Arena.CHUNK_BYTES);
        if (2 * bytes + reserve > arena.freshBytes()) {
            actualValue = arena.bytesMax() - arena.freshBytes() + 2 * bytes + reserve;
            limitValue = arena.bytesMax();
            return false;
        }
        return true;
    }

    /**
     * Looks so many entries more up, as far as there are any.
     *
     * @return not null if that is enough to refuse the set
     */
    ErrorCode lookUp(
            final Database database,
            final Clock clock,
            final MigrationCursor migrations,
            final ChangeCursor changes,
            final int entriesMax) {
        int left = entriesMax;
        for (; left > 0 && migrations.next(); left--) {
            need += migrationNeed(database, clock, migrations);
        }
        for (; left > 0 && changes.next(); left--) {
            deletesOnly &= changes.isDelete();
            need += changes.isDelete() ? deleteNeed(database, clock, changes) : writeNeed(database, clock, changes);
            if (countColumns && columnBudget.highest() > columnsPerRowMax) {
                limitValue = columnsPerRowMax;
                actualValue = columnBudget.highest();
                return ErrorCode.EFFECT_TOO_LARGE;
            }
        }
        return null;
    }

    /** Null if all that was looked up may be applied. */
    ErrorCode verdict(final Database database) {
        return need == 0 || fits(need, database, deletesOnly) ? null : ErrorCode.QUOTA_EXCEEDED;
    }

    private static int migrationNeed(final Database database, final Clock clock, final MigrationCursor migration) {
        final long kept = database.migrationTable().find(migration);
        return kept != 0 && database.sites().compare(clock, migration.opSeq(), kept) <= 0
                ? 0
                : Arena.blockBytes(MigrationTable.blockBytes(migration.textLength()));
    }

    private int deleteNeed(final Database database, final Clock clock, final ChangeCursor change) {
        final int ref = find(database, change);
        final int tombstone = ref == 0 ? 0 : RowTable.tombstone(arena.address(ref));
        if (tombstone != 0 || database.mark().covers(clock, change.opSeq())) {
            return 0;
        }
        return Arena.blockBytes(Tombstones.BLOCK_BYTES) + (ref == 0 ? rowNeed(database, change, 0) : 0);
    }

    private int writeNeed(final Database database, final Clock clock, final ChangeCursor change) {
        final int cellBytes = CellDescriptor.memoryBytes(change.valueLength());
        final int ref = find(database, change);
        final boolean covered = database.mark().covers(clock, change.opSeq());
        if (ref == 0) {
            if (covered) {
                return 0;
            }
            if (countColumns) {
                columnBudget.add(change, 0);
            }
            return cellBytes + rowNeed(database, change, RowTable.grownCapacity(0)) + columnNeed(database, change);
        }
        final long row = arena.address(ref);
        final int tombstone = RowTable.tombstone(row);
        if (tombstone != 0
                && (database.isDeleteWins()
                        || database.sites().compare(clock, change.opSeq(), arena.address(tombstone)) <= 0)) {
            return 0;
        }
        final int column = database.columns().find(change.buffer(), change.column(), change.columnLength());
        final int place = column == NameTable.UNKNOWN ? -1 : RowTable.place(row, column);
        if (place >= 0) {
            final long cell = arena.address(RowTable.cell(row, place));
            final int kept = CellDescriptor.memoryBytes(CellDescriptor.valueLength(cell));
            return kept == cellBytes || database.sites().compare(clock, change.opSeq(), cell) < 0 ? 0 : cellBytes;
        }
        if (covered) {
            return 0;
        }
        if (countColumns) {
            columnBudget.add(change, RowTable.cellCount(row));
        }
        return cellBytes + growNeed(row) + (column == NameTable.UNKNOWN ? columnNeed(database, change) : 0);
    }

    private static int growNeed(final long row) {
        final int capacity = RowTable.capacity(row);
        final int keyLength = RowTable.keyLength(row);
        return DIRECTORY_ENTRY_BYTES
                + Arena.blockBytes(RowTable.blockBytes(keyLength, RowTable.grownCapacity(capacity)))
                - Arena.blockBytes(RowTable.blockBytes(keyLength, capacity));
    }

    private static int rowNeed(final Database database, final ChangeCursor change, final int capacity) {
        final boolean known =
                database.tables().find(change.buffer(), change.row(), change.tableLength()) != NameTable.UNKNOWN;
        return Arena.blockBytes(RowTable.blockBytes(change.keyLength(), capacity))
                + DIRECTORY_ENTRY_BYTES
                + (known ? 0 : Arena.blockBytes(NameTable.blockBytes(change.tableLength())));
    }

    private static int columnNeed(final Database database, final ChangeCursor change) {
        return database.columns().find(change.buffer(), change.column(), change.columnLength()) != NameTable.UNKNOWN
                ? 0
                : Arena.blockBytes(NameTable.blockBytes(change.columnLength()));
    }

    private int find(final Database database, final ChangeCursor change) {
        return database.rowTable().find(tableHash.hash(change.buffer(), change.row(), change.rowLength()), change);
    }
}
