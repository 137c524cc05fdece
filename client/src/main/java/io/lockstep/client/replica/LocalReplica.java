package io.lockstep.client.replica;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A replica that can be written to at any time, connected or not: what was written here shows at once, over what the
 * coordinator has settled, until the coordinator's own word on it has arrived.
 *
 * <p>Use: {@link #commit} stamps a transaction and puts it into the outbox; the application submits it, with winners
 * asked for, and hands the answer to {@link #settle}; it hands every delivery to {@link #apply}. A losing value gives way
 * to the winner that the answer names, and the transaction leaves the outbox's shadow once everything that its decision
 * saw was delivered. Submitting what {@link #outbox} holds again, after a restart say, is always safe.
 *
 * <p>The outbox is in memory; {@code io.lockstep.client.offline} has one that outlives the process. Safe for use by several
 * threads.
 */
public final class LocalReplica {
    private final OptimisticView view;
    private final HybridClock clock;

    /**
     * An empty replica.
     *
     * @param database its name
     * @param clock stamps transactions; its site is the author
     * @param rowPolicy of the database
     * @param keyForm of the database
     */
    public LocalReplica(
            final String database, final HybridClock clock, final RowPolicy rowPolicy, final KeyForm keyForm) {
        view = new OptimisticView(new Replica(database), rowPolicy, keyForm);
        this.clock = clock;
    }

    /**
     * Starts from state that was read; what is in the outbox stays.
     *
     * @param state as read, with its cursor
     */
    public synchronized void reset(final Replica state) {
        final Replica copy = new Replica(view.settled().database());
        copy.replaceBy(state);
        view.reset(copy);
    }

    /**
     * Writes a transaction.
     *
     * @param changes adds at least one change or migration
     * @return what to submit; it stays in the outbox until it is settled
     */
    public synchronized ChangeSet commit(final Consumer<ChangeSet.Builder> changes) {
        final ChangeSet.Builder builder = ChangeSet.builder(clock.tick());
        changes.accept(builder);
        if (builder.size() == 0) {
            throw new IllegalArgumentException("a transaction without a change");
        }
        final ChangeSet set = builder.build();
        view.add(set);
        return set;
    }

    /**
     * Takes the coordinator's answer to a transaction.
     *
     * @param set what was submitted
     * @param outcome its outcome, with winners
     * @return false if the transaction remains to be submitted: it was rejected for its clock, which may pass
     */
    public synchronized boolean settle(final ChangeSet set, final SubmitOutcome outcome) {
        if (outcome.status() == SubmitStatus.REJECTED_DRIFT) {
            return false;
        }
        if (outcome.isSettled()) {
            view.settle(set, outcome);
        } else {
            view.drop(set);
        }
        return true;
    }

    /**
     * Takes back a transaction that the coordinator refused for good.
     *
     * @param set what was submitted
     */
    public synchronized void drop(final ChangeSet set) {
        view.drop(set);
    }

    /**
     * Applies the effects of one sequence.
     *
     * @param delivery the next one
     * @throws SequenceGapException if it does not follow the cursor
     */
    public synchronized void apply(final Delivery delivery) {
        view.apply(delivery);
        clock.receive(delivery.clock());
    }

    /**
     * What was not settled yet.
     *
     * @return in the order of commits, to be submitted (again)
     */
    public synchronized List<ChangeSet> outbox() {
        return view.unsettled();
    }

    /**
     * How far deliveries were applied.
     *
     * @return the cursor
     */
    public synchronized Cursor cursor() {
        return view.cursor();
    }

    /**
     * Sets the cursor when a subscription tells the incarnation.
     *
     * @param cursor of this database
     */
    public synchronized void cursor(final Cursor cursor) {
        view.settled().cursor(cursor);
    }

    /**
     * A value as it shows here.
     *
     * @param schema name of the schema
     * @param table name of the table
     * @param key primary key
     * @param column name of the column
     * @return the value, empty if there is none
     */
    public synchronized Optional<Value> value(
            final String schema, final String table, final Key key, final String column) {
        final Cell cell = view.row(schema, table, key).get(column);
        return cell == null ? Optional.empty() : Optional.of(cell.value());
    }

    /**
     * A row as it shows here.
     *
     * @param schema name of the schema
     * @param table name of the table
     * @param key primary key
     * @return cells by column, empty if the row is not alive
     */
    public synchronized Map<String, Cell> row(final String schema, final String table, final Key key) {
        return view.row(schema, table, key);
    }

    /**
     * Every cell as it shows here.
     *
     * @return in no particular order
     */
    public synchronized List<Cell> cells() {
        final List<Cell> cells = new ArrayList<>();
        view.forEachCell(cells::add);
        return cells;
    }
}
