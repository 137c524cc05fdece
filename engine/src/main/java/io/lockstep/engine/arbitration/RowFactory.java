package io.lockstep.engine.arbitration;

/** Makes the rows and columns that a change is the first to name. */
final class RowFactory {
    private final DigestKey digestKey;

    RowFactory(final DigestKey digestKey) {
        this.digestKey = digestKey;
    }

    /** Adds the row of the change, which is not there. */
    int createRow(final Database database, final ChangeCursor change, final int hash) {
        final NameTable tables = database.tables();
        int table = tables.find(change.buffer(), change.row(), change.tableLength());
        if (table == NameTable.UNKNOWN) {
            table = tables.add(change.buffer(), change.row(), change.tableLength(), 0);
        }
        return database.rowTable().create(hash, change, table, digestKey.rowHash(change));
    }

    /** A column of a row that did not exist when the write began may still be known from other rows. */
    int internColumn(final Database database, final ChangeCursor change) {
        final NameTable columns = database.columns();
        final int column = columns.find(change.buffer(), change.column(), change.columnLength());
        return column != NameTable.UNKNOWN
                ? column
                : columns.add(change.buffer(), change.column(), change.columnLength(), digestKey.columnHash(change));
    }
}
