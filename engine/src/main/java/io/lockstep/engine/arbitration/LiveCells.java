package io.lockstep.engine.arbitration;

/** The live cells of a database: every change of one keeps count and digest right. */
final class LiveCells {
    private final MemoryAccount account;
    private final Arena arena;
    private final RowTable rows;
    private final NameTable columns;
    private final SiteTable sites;
    private final StateDigests digests;

    /** Of values that come whole. All databases of an arbiter have it in common. */
    private final LongValue longValue;

    private long count;

    LiveCells(
            final MemoryAccount account,
            final RowTable rows,
            final NameTable columns,
            final SiteTable sites,
            final StateDigests digests,
            final LongValue longValue) {
        this.account = account;
        this.arena = account.arena();
        this.rows = rows;
        this.columns = columns;
        this.sites = sites;
        this.digests = digests;
        this.longValue = longValue;
    }

    long count() {
        return count;
    }

    /** Adds the cell of a write at the place that {@link RowTable#place} told; the row's block may move, and is returned. */
    int add(final int rowRef, final int place, final int column, final Clock clock, final ChangeCursor change) {
        if (CellDescriptor.isLong(change.valueLength())) {
            return addLong(rowRef, place, column, clock, change.opSeq(), whole(0, clock, change));
        }
        final int ref = account.allocate(CellDescriptor.blockBytes(change.valueLength()));
        put(arena.address(ref), clock, change);
        final int moved = rows.insertCell(rowRef, place, column, ref);
        addToDigest(arena.address(moved), column, clock, change);
        count++;
        return moved;
    }

    /** As above, with a long value that is whole. */
    int addLong(
            final int rowRef,
            final int place,
            final int column,
            final Clock clock,
            final int opSeq,
            final LongValue value) {
        final int ref = value.take(clock, opSeq);
        final int moved = rows.insertCell(rowRef, place, column, ref);
        digests.addLongCell(arena.address(ref));
        count++;
        return moved;
    }

    /** The cell whose memory a long value may go into when it replaces it, 0 if there is none. */
    int reusable(final long row, final int place, final int valueLength) {
        final int ref = RowTable.cell(row, place);
        final int kept = CellDescriptor.valueLength(arena.address(ref));
        return CellDescriptor.isLong(kept)
                        && CellDescriptor.chunkCount(kept) == CellDescriptor.chunkCount(valueLength)
                        && CellDescriptor.memoryBytes(kept) == CellDescriptor.memoryBytes(valueLength)
                ? ref
                : 0;
    }

    /** Replaces a cell by that of a write, in its own block if the value fits it. */
    void replace(final long row, final int place, final Clock clock, final ChangeCursor change) {
        if (CellDescriptor.isLong(change.valueLength())) {
            final int reusable = reusable(row, place, change.valueLength());
            replaceLong(row, place, clock, change.opSeq(), whole(reusable, clock, change));
            return;
        }
        final int column = RowTable.column(row, place);
        final int ref = RowTable.cell(row, place);
        final long cell = arena.address(ref);
        digests.subtractCell(RowTable.digestHash(row), columns.digestHash(column), cell);
        final int oldLength = CellDescriptor.valueLength(cell);
        final int newBytes = CellDescriptor.blockBytes(change.valueLength());
        if (!CellDescriptor.isLong(oldLength)
                && Arena.blockBytes(CellDescriptor.blockBytes(oldLength)) == Arena.blockBytes(newBytes)) {
            put(cell, clock, change);
        } else {
            CellDescriptor.free(account, ref);
            final int replaced = account.allocate(newBytes);
            put(arena.address(replaced), clock, change);
            RowTable.cell(row, place, replaced);
        }
        addToDigest(row, column, clock, change);
    }

    /** Replaces a cell by one with a long value that is whole. */
    void replaceLong(final long row, final int place, final Clock clock, final int opSeq, final LongValue value) {
        final int ref = RowTable.cell(row, place);
        digests.subtractCell(
                RowTable.digestHash(row), columns.digestHash(RowTable.column(row, place)), arena.address(ref));
        if (!value.isIn(ref)) {
            CellDescriptor.free(account, ref);
        }
        final int replaced = value.take(clock, opSeq);
        RowTable.cell(row, place, replaced);
        digests.addLongCell(arena.address(replaced));
    }

    private LongValue whole(final int reusable, final Clock clock, final ChangeCursor change) {
        longValue.begin(account, reusable, clock, change);
        longValue.more(change, change.valueLength());
        return longValue;
    }

    /** Removes the cells of a row at or below a clock, or all of them. */
    void remove(final long row, final boolean all, final Clock clock, final int opSeq) {
        final int before = RowTable.cellCount(row);
        int kept = 0;
        for (int place = 0; place < before; place++) {
            final int ref = RowTable.cell(row, place);
            final long cell = arena.address(ref);
            if (all || sites.compare(clock, opSeq, cell) >= 0) {
                digests.subtractCell(RowTable.digestHash(row), columns.digestHash(RowTable.column(row, place)), cell);
                CellDescriptor.free(account, ref);
            } else {
                RowTable.moveEntry(row, place, kept);
                kept++;
            }
        }
        RowTable.cellCount(row, kept);
        count -= before - kept;
    }

    private static void put(final long cell, final Clock clock, final ChangeCursor change) {
        CellDescriptor.put(cell, clock, change.opSeq(), change.buffer(), change.value(), change.valueLength());
    }

    private void addToDigest(final long row, final int column, final Clock clock, final ChangeCursor change) {
        digests.addCell(
                RowTable.digestHash(row),
                columns.digestHash(column),
                clock,
                change.opSeq(),
                change.buffer(),
                change.value(),
                change.valueLength());
    }
}
