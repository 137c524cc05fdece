package io.lockstep.client.model;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.value.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which rows a subscription or a read of the state is about. With several, a row that one of them matches is in; with none,
 * every row is. Immutable.
 *
 * @param table a glob, {@code *} for any characters and {@code ?} for one, of the table's name or of schema.table; 1 to 511
 *     bytes
 * @param keyPrefix the first parts of the primary key; null for every row of these tables
 */
public record TableFilter(String table, Key keyPrefix) {
    /** No filters: everything. */
    public static final List<TableFilter> ALL = List.of();

    private static final int TABLE_BYTES_MAX = 2 * FrameLimits.DEFAULT.nameBytesMax() + 1;

    /** Checks the glob. */
    public TableFilter {
        final byte[] bytes = table.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > TABLE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a glob of tables has 1 to " + TABLE_BYTES_MAX + " bytes: bytes=" + bytes.length);
        }
        if (Utf8.firstInvalid(new UnsafeBuffer(bytes), 0, bytes.length) != Utf8.VALID) {
            throw new IllegalArgumentException("a glob of tables is valid UTF-8: table=" + table);
        }
    }

    /**
     * All rows of some tables.
     *
     * @param table a glob
     * @return a filter
     */
    public static TableFilter of(final String table) {
        return new TableFilter(table, null);
    }

    /**
     * The rows of some tables whose primary key starts with given parts.
     *
     * @param table a glob
     * @param keyPrefix the first parts
     * @return a filter
     */
    public static TableFilter of(final String table, final Key keyPrefix) {
        return new TableFilter(table, keyPrefix);
    }
}
