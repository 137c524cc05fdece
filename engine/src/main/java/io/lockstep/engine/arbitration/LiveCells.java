package io.lockstep.engine.arbitration;

/** The live cells of a database: every change of one keeps count and digest right. */
final class LiveCells {
    private final MemoryAccount account;
    private final Arena arena;
    private final RowTable rows;
    private final NameTable columns;
    private final SiteTable sites;
    private final StateDigests digests;
    private long count;

    LiveCells(
            final MemoryAccount account,
            final RowTable rows,
            final NameTable columns,
            final SiteTable sites,
            final StateDigests digests) {
        this.account = account;
        this.arena = account.arena();
        this.rows = rows;
        this.columns = columns;
        this.sites = sites;
        this.digests = digests;
    }

    long count() {
        return count;
    }

    /** Adds the cell of a write at the place that {@link RowTable#place} told; the row's block may move, and is returned. */
    int add(final int rowRef, final int place, final int column, final Clock clock, final ChangeCursor change) {
        final int ref = account.allocate(CellDescriptor.blockBytes(change.valueLength()));
        put(arena.address(ref), clock, change);
        final int moved = rows.insertCell(rowRef, place, column, ref);
        addToDigest(arena.address(moved), column, clock, change);
        count++;
        return moved;
    }

    /** Replaces a cell by that of a write, in its own block if the value fits it. */
    void replace(final long row, final int place, final Clock clock, final ChangeCursor change) {
        final int column = RowTable.column(row, place);
        final int ref = RowTable.cell(row, place);
        final long cell = arena.address(ref);
        digests.subtractCell(RowTable.digestHash(row), columns.digestHash(column), cell);
        final int oldBytes = CellDescriptor.blockBytes(CellDescriptor.valueLength(cell));
        final int newBytes = CellDescriptor.blockBytes(change.valueLength());
        if (Arena.blockBytes(oldBytes) == Arena.blockBytes(newBytes)) {
            put(cell, clock, change);
        } else {
            account.free(ref, oldBytes);
            final int replaced = account.allocate(newBytes);
            put(arena.address(replaced), clock, change);
            RowTable.cell(row, place, replaced);
        }
        addToDigest(row, column, clock, change);
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
                account.free(ref, CellDescriptor.blockBytes(CellDescriptor.valueLength(cell)));
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
