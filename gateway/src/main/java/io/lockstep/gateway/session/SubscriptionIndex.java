package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.codec.filter.TableGlob;
import io.lockstep.engine.delivery.DeliveryCursor;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * The live subscriptions with filters of one database, found from the tables and keys of a delivery: a commit costs in
 * proportion to its changes and to the subscriptions that it matches, not to those that there are.
 *
 * <pre>
 *   change:  schema, table ──▶ names as they are ─────────────▶ TableRoutes ──▶ all rows
 *                         └──▶ globs, once for each table ────▶     "      └──▶ first 1, 2 … parts of the key
 * </pre>
 *
 * <p>Whom a change matches is among those collected: a filter without wildcards is found by the name that it is, one with
 * wildcards by matching it against each new name, and the prefix of a key by the bytes of its parts. More may be collected
 * (migrations are for everybody, for they are few): each is then held against its filters.
 *
 * <p>One thread.
 */
final class SubscriptionIndex {
    /** Tables whose globs are remembered; when there are more, all are forgotten. */
    private static final int TABLES_MAX = 4_096;

    private static final TableRoutes[] NONE = {};

    private final RouteKey.Seed seed;
    private final RouteKey probe = new RouteKey();
    private final DeliveryCursor cursor = new DeliveryCursor();
    private final Map<RouteKey, TableRoutes> exact = new HashMap<>();
    private final Map<RouteKey, TableRoutes> globs = new HashMap<>();
    private final Map<RouteKey, TableRoutes[]> globsOfTable = new HashMap<>();
    private final ArrayList<TableRoutes> matching = new ArrayList<>();
    private final Route all = new Route();
    private long lookups;

    SubscriptionIndex(final RouteKey.Seed seed) {
        this.seed = seed;
    }

    /** Distinct globs with wildcards that subscriptions name. */
    int globs() {
        return globs.size();
    }

    /** Distinct globs with wildcards that there would be with these filters. */
    int globsWith(final ChangeFilters filters) {
        int count = globs.size();
        for (int i = 0; i < filters.count(); i++) {
            if (isWild(filters, i) && !globs.containsKey(globKey(filters, i))) {
                count++;
            }
        }
        return count;
    }

    /** A subscription has these filters, live or not. */
    void acquire(final ChangeFilters filters) {
        for (int i = 0; i < filters.count(); i++) {
            final boolean wild = isWild(filters, i);
            final Map<RouteKey, TableRoutes> map = wild ? globs : exact;
            TableRoutes routes = map.get(globKey(filters, i));
            if (routes == null) {
                routes = new TableRoutes(probe.copy(), wild);
                map.put(routes.glob(), routes);
                forgetTables(wild);
            }
            routes.users(1);
        }
    }

    /** A subscription has these filters no more. */
    void release(final ChangeFilters filters) {
        for (int i = 0; i < filters.count(); i++) {
            final boolean wild = isWild(filters, i);
            final Map<RouteKey, TableRoutes> map = wild ? globs : exact;
            final TableRoutes routes = map.get(globKey(filters, i));
            if (routes.users(-1) == 0) {
                map.remove(routes.glob());
                forgetTables(wild);
            }
        }
    }

    private void forgetTables(final boolean wild) {
        if (wild) {
            globsOfTable.clear();
        }
    }

    /** From the next slot on; its filters are acquired. */
    void join(final RoutedEntry entry) {
        final ChangeFilters filters = entry.filters();
        for (int i = 0; i < filters.count(); i++) {
            entry.members()[i] = routes(filters, i).add(entry, i, probe, seed);
        }
        entry.members()[filters.count()] = all.add(entry);
    }

    void leave(final RoutedEntry entry) {
        final ChangeFilters filters = entry.filters();
        for (int i = 0; i < filters.count(); i++) {
            routes(filters, i).remove(entry, i, probe, seed);
        }
        entry.members()[filters.count()].leave();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Routes looked up so far: what the work of {@link #collect} grows with, beside those collected. */
    long lookups() {
        return lookups;
    }

    /** Adds everybody. */
    void collectAll(final long sequence, final List<RoutedEntry> matched) {
        all.collect(sequence, matched);
    }

    /** Adds everybody whom a delivery may be for, each once. */
    void collect(final long sequence, final DirectBuffer buffer, final int offset, final List<RoutedEntry> matched) {
        cursor.wrap(buffer, offset);
        if (cursor.enterGroup() > 0) {
            all.collect(sequence, matched);
            return;
        }
        cursor.enterGroup();
        int table = -1;
        int key = -1;
        while (cursor.nextChange()) {
            final int schemaField = cursor.schemaField();
            final int keyField = cursor.thirdField();
            final boolean sameTable = table >= 0 && isSame(buffer, table, key, schemaField, keyField);
            if (!sameTable) {
                resolve(buffer, schemaField, cursor.tableField());
            }
            final int keyLength = u16(buffer, keyField);
            final int keyEnd = keyField + Short.BYTES + keyLength;
            if (!sameTable || !isSame(buffer, key, key + Short.BYTES + u16(buffer, key), keyField, keyEnd)) {
                for (int i = 0; i < matching.size(); i++) {
                    lookups += matching.get(i)
                            .collect(sequence, buffer, keyField + Short.BYTES, keyLength, probe, seed, matched);
                }
            }
            table = schemaField;
            key = keyField;
        }
    }

    /** Finds the routes of a table. */
    private void resolve(final DirectBuffer buffer, final int schemaField, final int tableField) {
        matching.clear();
        final int table = tableField + Short.BYTES;
        final int tableLength = u16(buffer, tableField);
        lookups += 2;
        addExact(probe.set(buffer, table, tableLength, seed));
        addExact(probe.start()
                .append(buffer, schemaField + Short.BYTES, u16(buffer, schemaField))
                .append('.')
                .append(buffer, table, tableLength)
                .hashed(seed));
        if (!globs.isEmpty()) {
            lookups++;
            final TableRoutes[] wild = globsOf(buffer, schemaField, tableField);
            for (final TableRoutes routes : wild) {
                matching.add(routes);
            }
        }
    }

    private void addExact(final RouteKey name) {
        final TableRoutes routes = exact.get(name);
        if (routes != null) {
            matching.add(routes);
        }
    }

    private TableRoutes[] globsOf(final DirectBuffer buffer, final int schemaField, final int tableField) {
        final int length = tableField + Short.BYTES + u16(buffer, tableField) - schemaField;
        final TableRoutes[] known = globsOfTable.get(probe.set(buffer, schemaField, length, seed));
        if (known != null) {
            return known;
        }
        if (globsOfTable.size() >= TABLES_MAX) {
            globsOfTable.clear();
        }
        final ArrayList<TableRoutes> found = new ArrayList<>();
        for (final TableRoutes routes : globs.values()) {
            if (routes.glob().matchesAsGlob(buffer, schemaField, tableField)) {
                found.add(routes);
            }
        }
        final TableRoutes[] wild = found.toArray(NONE);
        globsOfTable.put(probe.copy(), wild);
        return wild;
    }

    private TableRoutes routes(final ChangeFilters filters, final int filter) {
        return (isWild(filters, filter) ? globs : exact).get(globKey(filters, filter));
    }

    private static boolean isWild(final ChangeFilters filters, final int filter) {
        return TableGlob.isWild(filters.buffer(), filters.tableOffset(filter), filters.tableLength(filter));
    }

    private RouteKey globKey(final ChangeFilters filters, final int filter) {
        return probe.set(filters.buffer(), filters.tableOffset(filter), filters.tableLength(filter), seed);
    }

    private static boolean isSame(
            final DirectBuffer buffer, final int from, final int to, final int otherFrom, final int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (buffer.getByte(from + i) != buffer.getByte(otherFrom + i)) {
                return false;
            }
        }
        return true;
    }

    private static int u16(final DirectBuffer buffer, final int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
