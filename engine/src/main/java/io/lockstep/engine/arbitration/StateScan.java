package io.lockstep.engine.arbitration;

import io.lockstep.codec.SnapshotNameKind;
import io.lockstep.engine.snapshot.SnapshotMark;
import io.lockstep.engine.snapshot.SnapshotSink;

/**
 * Walks the whole state in small steps, between which commands go on: database by database, its rows by number, then its
 * migrations. Belongs to the thread that arbitrates, and changes nothing.
 *
 * <p>What it writes is no moment of the state. Of each database it tells the sequence at which its walk began and the one
 * at which it ended: applying the recorded effects of what lies between gives the state at the end exactly
 * ({@link StateRestore}). Whatever the walk saw too early, or missed because a row went into a number that it had passed,
 * was changed by a record of that window, and the last effect on a cell decides it.
 *
 * <p>Of databases that are not in memory it only says which: the snapshot before holds them as they are. Each walk has a
 * number, by which a database is known to be in the snapshot of that walk ({@link Stay}).
 */
public final class StateScan {
    /** Rows or other entries that a step writes. */
    static final int ENTRIES_PER_STEP = 16;

    /** Cells of a row that are written as one entry. */
    static final int CELLS_PER_ENTRY = 256;

    private static final int NUMBERS_PER_STEP = 64;

    /** Databases that are not in memory, of a step. */
    private static final int KEPT_PER_STEP = 4_096;

    /** What became of a step. */
    public enum Progress {
        /** There is more to do. */
        MORE,
        /** The sink has no block to fill. */
        BLOCKED,
        /** Everything was written but the end. */
        DONE
    }

    private enum Phase {
        DATABASE,
        ROWS,
        MIGRATIONS,
        DATABASE_END,
        DONE
    }

    private final DatabaseRegistry databases;
    private final Arena arena;
    private final SnapshotEntries entries;
    private final SnapshotBlocks blocks;
    private final int entriesPerStep;
    private Phase phase = Phase.DONE;
    private SnapshotMark mark;
    private long walk;
    private Database database;
    private int databaseId;
    private int rowNumber;
    private int column;
    private int valueOffset;
    private boolean begun;
    private int sites;
    private int tables;
    private int columns;
    private int migrations;

    StateScan(
            final DatabaseRegistry databases,
            final Arena arena,
            final DigestKey digestKey,
            final int frameBytesMax,
            final int entriesPerStep,
            final int cellsPerEntry) {
        this.databases = databases;
        this.arena = arena;
        entries = new SnapshotEntries(arena, digestKey, cellsPerEntry);
        this.entriesPerStep = entriesPerStep;
        blocks = new SnapshotBlocks(SnapshotEntries.entryBytesMax(frameBytesMax));
    }

    /**
     * Starts a walk.
     *
     * @param newMark the journal's end; everything that was decided is in it
     */
    public void start(final SnapshotMark newMark) {
        mark = newMark;
        databaseId = 0;
        phase = Phase.DATABASE;
        walk++;
    }

    /**
     * Which walk it is, or the last one was.
     *
     * @return 0 before the first, then 1, 2, 3 ...
     */
    public long walk() {
        return walk;
    }

    /** Whether this walk, or the last one, has been through a database. */
    boolean hasPassed(final int id) {
        return id < databaseId || (phase == Phase.DONE && id <= databaseId);
    }

    /**
     * Goes on a little: some microseconds.
     *
     * @param sink gets the blocks
     * @return what became of it
     */
    public Progress step(final SnapshotSink sink) {
        if (phase == Phase.DONE) {
            return Progress.DONE;
        }
        if (!blocks.prepare(sink)) {
            return Progress.BLOCKED;
        }
        switch (phase) {
            case DATABASE -> nextDatabase();
            case ROWS -> rows();
            case MIGRATIONS -> migrations();
            default -> endDatabase();
        }
        return phase == Phase.DONE ? Progress.DONE : Progress.MORE;
    }

    /**
     * Writes the end, after {@link Progress#DONE}.
     *
     * @param sink gets the last block
     * @param end the journal's end; everything that was decided is in it
     * @return false while the sink has no block to fill
     */
    public boolean end(final SnapshotSink sink, final SnapshotMark end) {
        if (!blocks.prepare(sink)) {
            return false;
        }
        entries.end(blocks.rows(), end, databaseId - 1);
        blocks.flush();
        return true;
    }

    private void nextDatabase() {
        if (mark != null) {
            entries.start(blocks.names(), mark);
            blocks.flush();
            mark = null;
            return;
        }
        databaseId++;
        if (databaseId > databases.count()) {
            phase = Phase.DONE;
            return;
        }
        database = databases.byId(databaseId);
        if (database == null) {
            keep();
            return;
        }
        database.stay().walkBegins(database);
        rowNumber = 0;
        column = 0;
        valueOffset = 0;
        begun = false;
        sites = 0;
        tables = 0;
        columns = 0;
        migrations = 0;
        entries.database(blocks.names(), database);
        phase = Phase.ROWS;
    }

    /** A run of databases that are not in memory: the next step begins after it. */
    private void keep() {
        final int firstId = databaseId;
        final int most = Math.min(databases.count(), firstId + KEPT_PER_STEP - 1);
        while (databaseId < most && databases.byId(databaseId + 1) == null) {
            databaseId++;
        }
        blocks.kept(firstId, databaseId);
    }

    private void rows() {
        if (!putNames()) {
            return;
        }
        final RowTable table = database.rowTable();
        final int last = Math.min(table.numberCount(), rowNumber + NUMBERS_PER_STEP);
        int written = 0;
        while (rowNumber < last && written < entriesPerStep && blocks.hasRowRoom()) {
            final int ref = table.byNumber(rowNumber);
            if (ref != 0) {
                // The row may be another one than the part before was of; then this window brings its lower columns.
                written += partOf(arena.address(ref));
            }
            if (ref == 0 || column < 0) {
                rowNumber++;
                column = 0;
                valueOffset = 0;
                begun = false;
            }
        }
        if (rowNumber == table.numberCount()) {
            phase = Phase.MIGRATIONS;
        }
    }

    /** Writes some cells of a row, or a chunk of a long value; tells as how many entries that counts. */
    private int partOf(final long row) {
        final int found = begun ? RowTable.place(row, column) : -1;
        if (found >= 0 && CellDescriptor.isLong(CellDescriptor.valueLength(arena.address(RowTable.cell(row, found))))) {
            valueOffset = entries.value(blocks.rows(), database, row, found, valueOffset);
            if (valueOffset == 0) {
                column = found + 1 < RowTable.cellCount(row) ? RowTable.column(row, found + 1) : -1;
            }
            return entriesPerStep; // a chunk is as much as a step should write
        }
        valueOffset = 0;
        column = entries.row(blocks.rows(), database, row, column, !begun);
        begun = true;
        return 1;
    }

    private void migrations() {
        if (!putNames()) {
            return;
        }
        final MigrationTable table = database.migrationTable();
        int written = 0;
        while (migrations < table.count() && written < entriesPerStep && blocks.hasRowRoom()) {
            entries.migration(blocks.rows(), database, table.address(migrations));
            migrations++;
            written++;
        }
        if (migrations == table.count()) {
            phase = Phase.DATABASE_END;
        }
    }

    private void endDatabase() {
        entries.databaseEnd(blocks.rows(), database, database.stay().walkEnds(database, walk));
        blocks.flush();
        database = null;
        phase = Phase.DATABASE;
    }

    /** True when every name that there is has been written. */
    private boolean putNames() {
        int written = 0;
        while (written < entriesPerStep && blocks.hasNameRoom()) {
            if (sites < database.sites().count()) {
                entries.site(blocks.names(), database, sites++);
            } else if (tables < database.tables().count()) {
                entries.name(blocks.names(), database, SnapshotNameKind.TABLE, database.tables(), tables++);
            } else if (columns < database.columns().count()) {
                entries.name(blocks.names(), database, SnapshotNameKind.COLUMN, database.columns(), columns++);
            } else {
                return true;
            }
            written++;
        }
        return false;
    }
}
