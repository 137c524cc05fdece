package io.lockstep.node.acceptance;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Rows without any conflict logic: what comes is applied as it comes. */
final class FleetRows {
    private final Map<Row, Map<String, Stamped>> rows = new HashMap<>();

    record Row(String schema, String table, Key key) {}

    private record Stamped(Hlc hlc, Value value) {}

    static Row rowOf(final Change change) {
        return new Row(change.schema(), change.table(), change.key());
    }

    void apply(final Hlc clock, final List<Change> changes) {
        for (final Change change : changes) {
            final Row row = rowOf(change);
            if (!change.isDelete()) {
                final Hlc hlc = new Hlc(clock.wall(), clock.counter(), clock.site(), change.opSeq());
                put(row, change.column(), new Stamped(hlc, change.value()));
            } else if (rows.containsKey(row)) {
                rows.get(row).keySet().retainAll(change.survivors());
                rows.computeIfPresent(row, (key, columns) -> columns.isEmpty() ? null : columns);
            }
        }
    }

    void load(final Collection<Cell> cells) {
        for (final Cell cell : cells) {
            put(new Row(cell.schema(), cell.table(), cell.key()), cell.column(), new Stamped(cell.hlc(), cell.value()));
        }
    }

    private void put(final Row row, final String column, final Stamped stamped) {
        rows.computeIfAbsent(row, key -> new HashMap<>(4)).put(column, stamped);
    }

    void retain(final Predicate<Row> kept) {
        rows.keySet().removeIf(kept.negate());
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Null if both have the same cells in the rows that count, or what differs. */
    String difference(final FleetRows expected, final Predicate<Row> counts) {
        final Set<Row> all = new HashSet<>(rows.keySet());
        all.addAll(expected.rows.keySet());
        for (final Row row : all) {
            final Map<String, Stamped> here = rows.get(row);
            final Map<String, Stamped> there = expected.rows.get(row);
            if (counts.test(row) && (here == null || !here.equals(there))) {
                return row + ": found " + here + ", expected " + there;
            }
        }
        return null;
    }
}
