package io.lockstep.engine.arbitration;

import io.lockstep.codec.value.ValueOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** The rules for writes and deletes of one row, and for migrations: judges one and, if it is to be applied, applies it. */
final class ChangeRules {
    private final Arena arena;
    private final TableHash tableHash;
    private final RowFactory factory;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    private Database database;
    private Clock clock;
    private boolean authorised;
    private long stampedTimeMs;

    // Of the change judged last.
    private int hash;
    private int rowRef;
    private int column;
    private int place;

    ChangeRules(final Arena arena, final TableHash tableHash, final DigestKey digestKey) {
        this.arena = arena;
        this.tableHash = tableHash;
        factory = new RowFactory(digestKey);
    }

    /** Says whose changes come next. */
    void start(
            final Database newDatabase,
            final Clock newClock,
            final boolean newAuthorised,
            final long newStampedTimeMs) {
        database = newDatabase;
        clock = newClock;
        authorised = newAuthorised;
        stampedTimeMs = newStampedTimeMs;
    }

    byte onMigration(final MigrationCursor migration) {
        final long kept = database.migrationTable().find(migration);
        if (kept != 0) {
            final int order = database.sites().compare(clock, migration.opSeq(), kept);
            if (order <= 0) {
                return order == 0 ? OutcomeCode.DUPLICATE : OutcomeCode.SUPERSEDED;
            }
        }
        if (!authorised) {
            return OutcomeCode.NOT_AUTHOR;
        }
        database.migrationTable().put(migration, clock);
        return OutcomeCode.APPLIED;
    }

    /** Judges a change and, if it is to be applied, applies it. */
    byte onChange(final ChangeCursor change) {
        final byte outcome = judge(change);
        if (outcome == OutcomeCode.APPLIED) {
            apply(change, null);
        }
        return outcome;
    }

    /** Judges a change, and notes where it goes for {@link #apply}, before which nothing else of its database may happen. */
    byte judge(final ChangeCursor change) {
        hash = tableHash.hash(change.buffer(), change.row(), change.rowLength());
        rowRef = database.rowTable().find(hash, change);
        return change.isDelete() ? judgeDelete(change) : judgeWrite(change);
    }

    /**
     * Applies what was judged last, and is to be applied.
     *
     * @param ready its value, if that is long and is in memory already; otherwise null
     */
    void apply(final ChangeCursor change, final LongValue ready) {
        if (change.isDelete()) {
            applyDelete(change);
        } else if (place >= 0) {
            database.sites().intern(clock);
            final long row = arena.address(rowRef);
            if (ready == null) {
                database.liveCells().replace(row, place, clock, change);
            } else {
                database.liveCells().replaceLong(row, place, clock, change.opSeq(), ready);
            }
        } else {
            applyNewCell(change, ready);
        }
    }

    /** Begins to put the long value of the change that was judged last, and is to be applied, into memory. */
    void beginValue(final ChangeCursor change, final LongValue value) {
        final int reusable =
                place < 0 ? 0 : database.liveCells().reusable(arena.address(rowRef), place, change.valueLength());
        value.begin(database.account(), reusable, clock, change);
    }

    private byte judgeWrite(final ChangeCursor change) {
        column = NameTable.UNKNOWN;
        place = -1;
        if (rowRef != 0) {
            final long row = arena.address(rowRef);
            final int tombstone = RowTable.tombstone(row);
            if (tombstone != 0 && isBlocked(change, tombstone)) {
                return OutcomeCode.BLOCKED;
            }
            column = database.columns().find(change.buffer(), change.column(), change.columnLength());
            if (column != NameTable.UNKNOWN) {
                place = RowTable.place(row, column);
                if (place >= 0) {
                    return judgePresentCell(change, arena.address(RowTable.cell(row, place)));
                }
            } else {
                place = -RowTable.cellCount(row) - 1; // a new column gets the highest number
            }
        }
        if (database.mark().covers(clock, change.opSeq())) {
            return OutcomeCode.TOO_LATE;
        }
        return authorised ? OutcomeCode.APPLIED : OutcomeCode.NOT_AUTHOR;
    }

    private void applyNewCell(final ChangeCursor change, final LongValue ready) {
        final int target = rowRef == 0 ? factory.createRow(database, change, hash) : rowRef;
        if (column == NameTable.UNKNOWN) {
            column = factory.internColumn(database, change);
        }
        database.sites().intern(clock);
        if (ready == null) {
            database.liveCells().add(target, -place - 1, column, clock, change);
        } else {
            database.liveCells().addLong(target, -place - 1, column, clock, change.opSeq(), ready);
        }
    }

    private byte judgePresentCell(final ChangeCursor change, final long cell) {
        final int order = database.sites().compare(clock, change.opSeq(), cell);
        if (order < 0) {
            return OutcomeCode.SUPERSEDED;
        }
        if (order == 0) {
            final int larger = compareValue(change, cell);
            if (larger == 0) {
                return OutcomeCode.DUPLICATE;
            }
            database.onSameHlcConflict(clock);
            if (larger < 0) {
                return OutcomeCode.SUPERSEDED;
            }
        }
        return authorised ? OutcomeCode.APPLIED : OutcomeCode.NOT_AUTHOR;
    }

    private int compareValue(final ChangeCursor change, final long cell) {
        final int valueLength = CellDescriptor.valueLength(cell);
        if (!CellDescriptor.isLong(valueLength)) {
            view.wrap(CellDescriptor.value(cell), valueLength);
            return ValueOrder.compare(change.buffer(), change.value(), change.valueLength(), view, 0, valueLength);
        }
        if (CellDescriptor.isLongValue(arena, cell, change.buffer(), change.value(), change.valueLength())) {
            return 0;
        }
        // Its site gave two long values one clock: that this takes memory for a moment is its least harm.
        final UnsafeBuffer kept = new UnsafeBuffer(new byte[valueLength]);
        CellDescriptor.copyValue(arena, cell, 0, valueLength, kept, 0);
        return ValueOrder.compare(change.buffer(), change.value(), change.valueLength(), kept, 0, valueLength);
    }

    private byte judgeDelete(final ChangeCursor change) {
        final int tombstone = rowRef == 0 ? 0 : RowTable.tombstone(arena.address(rowRef));
        if (tombstone == 0) {
            if (database.mark().covers(clock, change.opSeq())) {
                return OutcomeCode.TOO_LATE;
            }
        } else {
            final int order = database.sites().compare(clock, change.opSeq(), arena.address(tombstone));
            if (order <= 0) {
                return order == 0 ? OutcomeCode.DUPLICATE : OutcomeCode.SUPERSEDED;
            }
        }
        return authorised ? OutcomeCode.APPLIED : OutcomeCode.NOT_AUTHOR;
    }

    private void applyDelete(final ChangeCursor change) {
        final long row = arena.address(rowRef == 0 ? factory.createRow(database, change, hash) : rowRef);
        database.sites().intern(clock);
        database.liveCells().remove(row, database.isDeleteWins(), clock, change.opSeq());
        database.tombstoneList().set(row, clock, change.opSeq(), stampedTimeMs);
    }

    private boolean isBlocked(final ChangeCursor change, final int tombstone) {
        return database.isDeleteWins()
                || database.sites().compare(clock, change.opSeq(), arena.address(tombstone)) <= 0;
    }
}
