package io.lockstep.client.replica;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.MigrationState;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.Value;
import io.lockstep.codec.hash.Digest128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A replica of one database in memory, without any conflict logic: it applies deliveries in the order of their
 * sequences, and so ends in the coordinator's state. Not thread-safe.
 */
public final class Replica {
    private final String database;
    private final Map<RowKey, Map<String, Versioned>> rows = new HashMap<>();
    private final Map<MigrationKey, MigrationState> migrations = new LinkedHashMap<>();
    private Cursor cursor;
    private long cellCount;

    /**
     * An empty replica at the beginning of a database.
     *
     * @param database its name
     */
    public Replica(final String database) {
        this.database = database;
        cursor = Cursor.start(database);
    }

    /** A value and its clock. */
    private record Versioned(Hlc hlc, Value value) {}

    /** A migration's identity. */
    private record MigrationKey(String schema, boolean ofIndex, String object, int version) {}

    /**
     * Applies the effects of one sequence, blindly, and moves the cursor.
     *
     * @param delivery the next one
     * @throws SequenceGapException if it does not follow the cursor; nothing changes then
     */
    public void apply(final Delivery delivery) {
        if (delivery.afterSequence() != cursor.sequence() || delivery.sequence() <= cursor.sequence()) {
            throw new SequenceGapException(cursor.sequence(), delivery.afterSequence(), delivery.sequence());
        }
        applyEffects(delivery);
        cursor = new Cursor(database, cursor.incarnation(), delivery.sequence(), delivery.check());
    }

    /**
     * Moves the cursor over sequences of which nothing matched the subscription.
     *
     * @param progress the next one
     * @throws SequenceGapException if it does not follow the cursor; nothing changes then
     */
    public void apply(final Progress progress) {
        if (progress.afterSequence() != cursor.sequence() || progress.sequence() <= cursor.sequence()) {
            throw new SequenceGapException(cursor.sequence(), progress.afterSequence(), progress.sequence());
        }
        cursor = new Cursor(database, cursor.incarnation(), progress.sequence(), progress.check());
    }

    /**
     * Applies effects over state that was read in pages of different sequences; the cursor stays.
     *
     * @param delivery effects after the first page's sequence, in order
     */
    public void applyEffects(final Delivery delivery) {
        for (final Migration migration : delivery.migrations()) {
            putMigration(new MigrationState(clockOf(delivery, migration.opSeq()), migration));
        }
        for (final Change change : delivery.changes()) {
            if (change.isDelete()) {
                delete(change);
            } else {
                put(
                        new RowKey(change.schema(), change.table(), change.key()),
                        change.column(),
                        new Versioned(clockOf(delivery, change.opSeq()), change.value()));
            }
        }
    }

    /**
     * Takes over the cells and migrations of a page; the cursor stays.
     *
     * @param page of a scan that started on this empty replica
     */
    public void load(final StatePage page) {
        load(page.cells(), page.migrations());
    }

    /**
     * Takes what a page of a snapshot holds. With the deliveries after the page's sequence up to the last page's exact one
     * applied by {@link #applyEffects}, the state is exact there.
     *
     * @param page any page, in any order
     */
    public void load(final SnapshotPage page) {
        load(page.cells(), page.migrations());
    }

    /**
     * Takes over a cell whose value came in parts; the cursor stays.
     *
     * @param cell of the same scan as the pages
     */
    public void load(final Cell cell) {
        put(
                new RowKey(cell.schema(), cell.table(), cell.key()),
                cell.column(),
                new Versioned(cell.hlc(), cell.value()));
    }

    private void load(final List<Cell> cells, final List<MigrationState> states) {
        for (final Cell cell : cells) {
            load(cell);
        }
        states.forEach(this::putMigration);
    }

    /**
     * Sets the cursor, after state was read or when a subscription tells the incarnation.
     *
     * @param newCursor of this database
     * @throws IllegalArgumentException if it is of another database
     */
    public void cursor(final Cursor newCursor) {
        if (!database.equals(newCursor.database())) {
            throw new IllegalArgumentException(
                    "cursor of another database: database=" + database + ", cursor=" + newCursor.database());
        }
        cursor = newCursor;
    }

    /** Forgets everything: the cursor could not be served. */
    public void clear() {
        rows.clear();
        migrations.clear();
        cellCount = 0;
        cursor = Cursor.start(database);
    }

    /**
     * How far it has followed.
     *
     * @return the cursor
     */
    public Cursor cursor() {
        return cursor;
    }

    /**
     * Name of the database.
     *
     * @return as given
     */
    public String database() {
        return database;
    }

    /**
     * Live cells.
     *
     * @return at least 0
     */
    public long cellCount() {
        return cellCount;
    }

    /**
     * One cell.
     *
     * @param schema name of the schema
     * @param table name of the table
     * @param key primary key, in the database's key form
     * @param column name of the column
     * @return the cell, empty if there is none
     */
    public Optional<Cell> cell(final String schema, final String table, final Key key, final String column) {
        final Map<String, Versioned> row = rows.get(new RowKey(schema, table, key));
        final Versioned versioned = row == null ? null : row.get(column);
        return versioned == null
                ? Optional.empty()
                : Optional.of(new Cell(schema, table, key, column, versioned.hlc(), versioned.value()));
    }

    /**
     * The live columns of one row.
     *
     * @param schema name of the schema
     * @param table name of the table
     * @param key primary key, in the database's key form
     * @return cells in no particular order, empty if the row is not alive
     */
    public List<Cell> row(final String schema, final String table, final Key key) {
        final Map<String, Versioned> row = rows.getOrDefault(new RowKey(schema, table, key), Map.of());
        final List<Cell> cells = new ArrayList<>(row.size());
        row.forEach((column, versioned) ->
                cells.add(new Cell(schema, table, key, column, versioned.hlc(), versioned.value())));
        return cells;
    }

    /**
     * Shows every live cell, row by row, in no particular order.
     *
     * @param consumer must not change the replica
     */
    public void forEachCell(final Consumer<Cell> consumer) {
        rows.forEach((row, columns) -> columns.forEach((column, versioned) -> consumer.accept(
                new Cell(row.schema(), row.table(), row.key(), column, versioned.hlc(), versioned.value()))));
    }

    /**
     * Every live cell.
     *
     * @return in no particular order
     */
    public List<Cell> cells() {
        final List<Cell> cells = new ArrayList<>();
        forEachCell(cells::add);
        return cells;
    }

    /**
     * The migrations kept.
     *
     * @return in no particular order, immutable
     */
    public Collection<MigrationState> migrations() {
        return List.copyOf(migrations.values());
    }

    /**
     * The digest of the live cells, to compare with the coordinator's; walks all cells.
     *
     * @param incarnation of the journal, the key of the digest
     * @return the digest
     */
    public Digest128 digest(final Site incarnation) {
        final CellDigest digest = new CellDigest(incarnation);
        forEachCell(digest::add);
        return digest.sum();
    }

    /** Becomes a copy of another replica of the same database. */
    void replaceBy(final Replica other) {
        clear();
        other.forEachCell(cell -> put(
                new RowKey(cell.schema(), cell.table(), cell.key()),
                cell.column(),
                new Versioned(cell.hlc(), cell.value())));
        other.migrations.values().forEach(this::putMigration);
        cursor(other.cursor);
    }

    /** Every row with a live cell. */
    Collection<RowKey> rowKeys() {
        return rows.keySet();
    }

    private void put(final RowKey row, final String column, final Versioned versioned) {
        final Versioned before =
                rows.computeIfAbsent(row, absent -> new LinkedHashMap<>(4)).put(column, versioned);
        if (before == null) {
            cellCount++;
        }
    }

    private void delete(final Change change) {
        final RowKey row = new RowKey(change.schema(), change.table(), change.key());
        final Map<String, Versioned> columns = rows.get(row);
        if (columns == null) {
            return;
        }
        final int before = columns.size();
        columns.keySet().retainAll(change.survivors());
        cellCount -= before - columns.size();
        if (columns.isEmpty()) {
            rows.remove(row);
        }
    }

    private void putMigration(final MigrationState state) {
        final Migration migration = state.migration();
        migrations.put(
                new MigrationKey(migration.schema(), migration.isOfIndex(), migration.object(), migration.version()),
                state);
    }

    private static Hlc clockOf(final Delivery delivery, final int opSeq) {
        final Hlc clock = delivery.clock();
        return new Hlc(clock.wall(), clock.counter(), clock.site(), opSeq);
    }
}
