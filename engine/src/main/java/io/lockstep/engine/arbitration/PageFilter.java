package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.filter.ChangeFilters;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What of the state a ReadState is about. Globs are matched once a page for each table that it meets, and each time counts
 * as so many rows looked at, so that a page costs no more for its filters. One thread.
 */
final class PageFilter {
    private static final int ROWS_PER_TABLE = 64;
    private static final byte UNKNOWN = 0;
    private static final byte NONE = 1;
    private static final byte WHOLE = 2;
    private static final byte BY_KEY = 3;

    private final ChangeFilters filters = new ChangeFilters();
    private final UnsafeBuffer names = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private byte[] byTable = new byte[64];
    private Database database;
    private int tablesMet;

    void wrap(final Database newDatabase, final DirectBuffer request, final int offset) {
        database = newDatabase;
        tablesMet = 0;
        filters.wrap(request, ChangeFilters.groupOffset(request, offset), newDatabase.keyForm() == KeyForm.QUEREUS);
        if (!filters.isAll()) {
            final int tables = newDatabase.tables().count();
            if (tables > byTable.length) {
                byTable = new byte[Math.max(tables, 2 * byTable.length)];
            } else {
                Arrays.fill(byTable, 0, tables, UNKNOWN);
            }
        }
    }

    boolean isAll() {
        return filters.isAll();
    }

    /** Rows that might have been looked at while tables were matched. */
    long rowsSpent() {
        return (long) tablesMet * ROWS_PER_TABLE;
    }

    boolean matches(final long row) {
        if (filters.isAll()) {
            return true;
        }
        final int table = RowTable.tableId(row);
        if (byTable[table] == UNKNOWN) {
            tablesMet++;
            byTable[table] = verdict(table);
        }
        return byTable[table] == WHOLE || (byTable[table] == BY_KEY && matchesKey(table, row));
    }

    private byte verdict(final int table) {
        wrapNames(table);
        byte verdict = NONE;
        for (int i = 0; i < filters.count() && verdict != WHOLE; i++) {
            if (filters.matchesTable(i, names, 0, secondField(0))) {
                verdict = filters.prefixLength(i) == 0 ? WHOLE : BY_KEY;
            }
        }
        return verdict;
    }

    private boolean matchesKey(final int table, final long row) {
        final int keyLength = RowTable.keyLength(row);
        key.wrap(RowTable.key(row), keyLength);
        for (int i = 0; i < filters.count(); i++) {
            if (filters.matchesKey(i, key, 0, keyLength)) {
                wrapNames(table);
                if (filters.matchesTable(i, names, 0, secondField(0))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A migration of an index matches always, as in a delivery. */
    boolean matchesMigration(final long migration) {
        final int kind = MigrationTable.kind(migration);
        if (filters.isAll() || kind == MigrationKind.ADD_INDEX.value() || kind == MigrationKind.DROP_INDEX.value()) {
            return true;
        }
        names.wrap(MigrationTable.text(migration), MigrationTable.textLength(migration));
        final int object = secondField(0);
        final int from = secondField(object);
        return filters.matchesTable(names, 0, object)
                || (names.getShort(from, ByteOrder.LITTLE_ENDIAN) != 0 && filters.matchesTable(names, 0, from));
    }

    /** Both names of a table, each behind its length. */
    private void wrapNames(final int table) {
        final NameTable tables = database.tables();
        names.wrap(tables.bytes(table), tables.length(table));
    }

    private int secondField(final int field) {
        return field + Short.BYTES + (names.getShort(field, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
    }
}
