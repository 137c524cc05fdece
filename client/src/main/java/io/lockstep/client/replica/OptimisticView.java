package io.lockstep.client.replica;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the coordinator has settled, and over it what was written here and is not settled yet. Not thread-safe, but reading
 * changes nothing.
 */
public final class OptimisticView {
    private final KeyForm keyForm;
    private final Shadow shadow;
    private Replica settled;

    /**
     * A view.
     *
     * @param settled what the coordinator has settled; becomes the view's own
     * @param rowPolicy of the database
     * @param keyForm of the database
     */
    public OptimisticView(final Replica settled, final RowPolicy rowPolicy, final KeyForm keyForm) {
        this.settled = settled;
        this.keyForm = keyForm;
        shadow = new Shadow(rowPolicy, keyForm);
    }

    /**
     * Starts from other settled state; what is written over it stays.
     *
     * @param state becomes the view's own
     */
    public void reset(final Replica state) {
        settled = state;
        shadow.retire(settled.cursor().sequence());
    }

    /**
     * Shows a transaction.
     *
     * @param set not settled
     */
    public void add(final ChangeSet set) {
        shadow.add(set);
    }

    /**
     * Shows what became of a transaction, until deliveries say it all.
     *
     * @param set was added
     * @param outcome settled, with winners
     */
    public void settle(final ChangeSet set, final SubmitOutcome outcome) {
        shadow.settle(set, outcome);
        shadow.retire(settled.cursor().sequence());
    }

    /**
     * Shows a transaction no longer.
     *
     * @param set was added
     */
    public void drop(final ChangeSet set) {
        shadow.drop(set);
    }

    /**
     * Applies the effects of one sequence.
     *
     * @param delivery the next one
     * @throws SequenceGapException if it does not follow the cursor
     */
    public void apply(final Delivery delivery) {
        settled.apply(delivery);
        shadow.retire(delivery.sequence());
    }

    /**
     * Moves the cursor over sequences that did not match.
     *
     * @param progress the next one
     * @throws SequenceGapException if it does not follow the cursor
     */
    public void apply(final Progress progress) {
        settled.apply(progress);
        shadow.retire(progress.sequence());
    }

    /**
     * What was added and neither settled nor dropped.
     *
     * @return in the order of adding
     */
    public List<ChangeSet> unsettled() {
        return shadow.unsettled();
    }

    /**
     * The settled state, without what shows over it.
     *
     * @return the view's own
     */
    public Replica settled() {
        return settled;
    }

    /**
     * How far deliveries were applied.
     *
     * @return the cursor
     */
    public Cursor cursor() {
        return settled.cursor();
    }

    /**
     * A row as it shows here.
     *
     * @param schema name of the schema
     * @param table name of the table
     * @param key primary key
     * @return cells by column, empty if the row is not alive
     */
    public Map<String, Cell> row(final String schema, final String table, final Key key) {
        return visible(new RowKey(schema, table, keyForm == KeyForm.QUEREUS ? key.folded() : key));
    }

    /**
     * Shows every cell as it shows here.
     *
     * @param consumer gets cells row by row, in no particular order
     */
    public void forEachCell(final Consumer<Cell> consumer) {
        final Set<RowKey> over = new HashSet<>(shadow.rowKeys());
        settled.rowKeys().forEach(row -> {
            if (over.contains(row)) {
                return;
            }
            settled.row(row.schema(), row.table(), row.key()).forEach(consumer);
        });
        over.forEach(row -> visible(row).values().forEach(consumer));
    }

    private Map<String, Cell> visible(final RowKey row) {
        final Map<String, Cell> cells = new LinkedHashMap<>();
        for (final Cell cell : settled.row(row.schema(), row.table(), row.key())) {
            cells.put(cell.column(), cell);
        }
        shadow.cast(row, cells);
        return cells;
    }
}
