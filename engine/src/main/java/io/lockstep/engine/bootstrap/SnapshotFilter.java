package io.lockstep.engine.bootstrap;

import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.filter.ChangeFilters;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/** What of a snapshot a request is about; globs are matched once a page for each table that it meets. One thread. */
final class SnapshotFilter {
    private static final byte UNKNOWN = 0;
    private static final byte NONE = 1;
    private static final byte WHOLE = 2;
    private static final byte BY_KEY = 3;

    private byte[] byTable = new byte[64];
    private ChangeFilters filters;
    private NameList tables;

    void wrap(final ChangeFilters newFilters, final NameList newTables) {
        filters = newFilters;
        tables = newTables;
        Arrays.fill(byTable, UNKNOWN);
    }

    boolean matches(final int table, final DirectBuffer buffer, final int key, final int keyLength) {
        if (filters.isAll()) {
            return true;
        }
        if (table >= byTable.length) {
            byTable = Arrays.copyOf(byTable, Math.max(table + 1, 2 * byTable.length));
        }
        if (byTable[table] == UNKNOWN) {
            byTable[table] = verdict(table);
        }
        return byTable[table] == WHOLE || (byTable[table] == BY_KEY && matchesKey(table, buffer, key, keyLength));
    }

    private byte verdict(final int table) {
        byte verdict = NONE;
        for (int i = 0; i < filters.count() && verdict != WHOLE; i++) {
            if (matchesTable(i, table)) {
                verdict = filters.prefixLength(i) == 0 ? WHOLE : BY_KEY;
            }
        }
        return verdict;
    }

    private boolean matchesKey(final int table, final DirectBuffer buffer, final int key, final int keyLength) {
        for (int i = 0; i < filters.count(); i++) {
            if (filters.matchesKey(i, buffer, key, keyLength) && matchesTable(i, table)) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesTable(final int filter, final int table) {
        final DirectBuffer names = tables.buffer();
        final int schema = tables.offset(table);
        return filters.matchesTable(filter, names, schema, next(names, schema));
    }

    /** A migration of an index matches always, as in a delivery. */
    boolean matchesMigration(final MigrationKind kind, final DirectBuffer buffer, final int schema) {
        if (filters.isAll() || kind == MigrationKind.ADD_INDEX || kind == MigrationKind.DROP_INDEX) {
            return true;
        }
        final int object = next(buffer, schema);
        final int from = next(buffer, object);
        return filters.matchesTable(buffer, schema, object)
                || (buffer.getShort(from, ByteOrder.LITTLE_ENDIAN) != 0 && filters.matchesTable(buffer, schema, from));
    }

    private static int next(final DirectBuffer buffer, final int field) {
        return field + Short.BYTES + (buffer.getShort(field, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
    }
}
