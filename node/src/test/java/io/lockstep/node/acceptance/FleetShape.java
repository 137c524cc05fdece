package io.lockstep.node.acceptance;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.value.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Which rows a subscriber asked for, decided by other means than the node's: regular expressions and lists of parts. */
final class FleetShape {
    private final List<TableFilter> filters;
    private final List<Part> parts = new ArrayList<>();
    private final Map<FleetRows.Row, Boolean> known = new HashMap<>();

    private record Part(Pattern table, List<Value> prefix) {}

    FleetShape(final List<TableFilter> filters, final boolean keysFolded) {
        this.filters = List.copyOf(filters);
        for (final TableFilter filter : filters) {
            final StringBuilder pattern = new StringBuilder();
            for (final char each : filter.table().toCharArray()) {
                pattern.append(each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(String.valueOf(each)));
            }
            parts.add(new Part(Pattern.compile(pattern.toString()), prefix(filter.keyPrefix(), keysFolded)));
        }
    }

    private static List<Value> prefix(final Key key, final boolean folded) {
        final List<Value> values = new ArrayList<>();
        for (final Value part : key == null ? List.<Value>of() : key.parts()) {
            values.add(folded ? fold(part) : part);
        }
        return values;
    }

    /** As the quereus key form has it, for the values that the fleet uses. */
    static Value fold(final Value value) {
        if (value.type() == ValueType.BOOLEAN) {
            return Value.ofInteger(value.asBoolean() ? 1 : 0);
        }
        final boolean integral = value.type() == ValueType.REAL && value.asReal() == Math.rint(value.asReal());
        return integral ? Value.ofInteger((long) value.asReal()) : value;
    }

    List<TableFilter> filters() {
        return filters;
    }

    boolean matches(final FleetRows.Row row) {
        return parts.isEmpty() || known.computeIfAbsent(row, this::decide);
    }

    private boolean decide(final FleetRows.Row row) {
        final List<Value> key = row.key().parts();
        for (final Part part : parts) {
            final int length = part.prefix().size();
            if (length <= key.size()
                    && key.subList(0, length).equals(part.prefix())
                    && isTable(part, row.schema(), row.table())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTable(final Part part, final String schema, final String table) {
        return part.table().matcher(table).matches()
                || part.table().matcher(schema + "." + table).matches();
    }

    private boolean matches(final Migration migration) {
        if (parts.isEmpty()
                || migration.kind() == MigrationKind.ADD_INDEX
                || migration.kind() == MigrationKind.DROP_INDEX) {
            return true;
        }
        for (final Part part : parts) {
            if (isTable(part, migration.schema(), migration.object())
                    || (!migration.fromObject().isEmpty()
                            && isTable(part, migration.schema(), migration.fromObject()))) {
                return true;
            }
        }
        return false;
    }

    /** What of the changes matches. */
    List<Change> changes(final Delivery whole) {
        if (parts.isEmpty()) {
            return whole.changes();
        }
        final List<Change> kept = new ArrayList<>(whole.changes().size());
        for (final Change change : whole.changes()) {
            if (matches(FleetRows.rowOf(change))) {
                kept.add(change);
            }
        }
        return kept;
    }

    /** What of the migrations matches. */
    List<Migration> migrations(final Delivery whole) {
        return parts.isEmpty()
                ? whole.migrations()
                : whole.migrations().stream().filter(this::matches).toList();
    }

    @Override
    public String toString() {
        return filters.toString();
    }
}
