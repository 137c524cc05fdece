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

    byte onChange(final ChangeCursor change) {
        final int hash = tableHash.hash(change.buffer(), change.row(), change.rowLength());
        final int row = database.rowTable().find(hash, change);
        return change.isDelete() ? onDelete(change, hash, row) : onWrite(change, hash, row);
    }

    private byte onWrite(final ChangeCursor change, final int hash, final int rowRef) {
        int column = NameTable.UNKNOWN;
        int place = -1;
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
                    return onPresentCell(change, row, place);
                }
            } else {
                place = -RowTable.cellCount(row) - 1; // a new column gets the highest number
            }
        }
        if (database.mark().covers(clock, change.opSeq())) {
            return OutcomeCode.TOO_LATE;
        }
        if (!authorised) {
            return OutcomeCode.NOT_AUTHOR;
        }
        final int target = rowRef == 0 ? factory.createRow(database, change, hash) : rowRef;
        if (column == NameTable.UNKNOWN) {
            column = factory.internColumn(database, change);
        }
        database.sites().intern(clock);
        database.liveCells().add(target, -place - 1, column, clock, change);
        return OutcomeCode.APPLIED;
    }

    private byte onPresentCell(final ChangeCursor change, final long row, final int place) {
        final long cell = arena.address(RowTable.cell(row, place));
        final int order = database.sites().compare(clock, change.opSeq(), cell);
        if (order < 0) {
            return OutcomeCode.SUPERSEDED;
        }
        if (order == 0) {
            final int valueLength = CellDescriptor.valueLength(cell);
            view.wrap(CellDescriptor.value(cell), valueLength);
            final int larger =
                    ValueOrder.compare(change.buffer(), change.value(), change.valueLength(), view, 0, valueLength);
            if (larger == 0) {
                return OutcomeCode.DUPLICATE;
            }
            database.onSameHlcConflict(clock);
            if (larger < 0) {
                return OutcomeCode.SUPERSEDED;
            }
        }
        if (!authorised) {
            return OutcomeCode.NOT_AUTHOR;
        }
        database.sites().intern(clock);
        database.liveCells().replace(row, place, clock, change);
        return OutcomeCode.APPLIED;
    }

    private byte onDelete(final ChangeCursor change, final int hash, final int rowRef) {
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
        if (!authorised) {
            return OutcomeCode.NOT_AUTHOR;
        }
        final long row = arena.address(rowRef == 0 ? factory.createRow(database, change, hash) : rowRef);
        database.sites().intern(clock);
        database.liveCells().remove(row, database.isDeleteWins(), clock, change.opSeq());
        database.tombstoneList().set(row, clock, change.opSeq(), stampedTimeMs);
        return OutcomeCode.APPLIED;
    }

    private boolean isBlocked(final ChangeCursor change, final int tombstone) {
        return database.isDeleteWins()
                || database.sites().compare(clock, change.opSeq(), arena.address(tombstone)) <= 0;
    }
}
