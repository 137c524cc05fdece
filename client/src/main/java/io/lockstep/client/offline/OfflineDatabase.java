package io.lockstep.client.offline;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.MigrationState;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A database on this device, with or without a node. Writes are kept in a local folder before they return, show at once, and
 * go to the node, in their order, whenever it can be reached; what the node delivers is applied and kept together with the
 * cursor. A process that is killed goes on from there.
 *
 * <p>A write leaves the outbox only when the node has settled it and the application was told, or when the application
 * decided about one that the node refused. Nothing is lost in silence, and nothing takes effect twice.
 *
 * <p>Safe for use by several threads. Reading never waits for the network or the disk; writing waits for the disk, never for
 * the network. The live cells are held in memory.
 */
public final class OfflineDatabase implements AutoCloseable {
    private static final long WAIT_SLICE_MS = 50;

    private final LocalDatabase local;
    private final SyncAgent agent;
    private final Object progress = new Object();

    private OfflineDatabase(final OfflineContext context) {
        local = LocalDatabase.open(context);
        try {
            final List<Site> sites = new ArrayList<>(context.client().sites());
            if (!sites.contains(site())) {
                sites.add(site());
                context.client().sites(sites);
            }
            context.client().conclude();
            agent = new SyncAgent(context, local, this::signal);
        } catch (final RuntimeException e) {
            local.close();
            throw e;
        }
        agent.start();
    }

    /**
     * Opens the folder, and starts to look for the node.
     *
     * @param context says where and which
     * @return a database that can be used at once
     * @throws StoreException LOCKED if it is open elsewhere, DIFFERS if the folder holds something else, DAMAGED, FULL or
     *     FAILED
     * @throws IllegalArgumentException naming a setting that is out of range
     */
    public static OfflineDatabase open(final OfflineContext context) {
        context.conclude();
        return new OfflineDatabase(context);
    }

    /**
     * Writes a transaction: stamps it, keeps it, shows it.
     *
     * @param changes adds at least one change or migration; called once, on this thread
     * @return its id in the outbox; ids grow
     * @throws StoreException FULL or LIMIT if it was not kept, FAILED if that is not known, CLOSED
     * @throws IllegalArgumentException if nothing was added, or something is out of its limits
     */
    public long write(final Consumer<ChangeSet.Builder> changes) {
        final long id = local.write(changes);
        agent.wakeup();
        return id;
    }

    /**
     * Writes a change set that was stamped elsewhere.
     *
     * @param changeSet of any site that the token may write as
     * @return its id in the outbox; ids grow
     * @throws StoreException as {@link #write(Consumer)}
     */
    public long write(final ChangeSet changeSet) {
        final long id = local.write(changeSet);
        agent.wakeup();
        return id;
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
    public Optional<Value> value(final String schema, final String table, final Key key, final String column) {
        return Optional.ofNullable(row(schema, table, key).get(column)).map(Cell::value);
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
        return local.read(state -> state.view().row(schema, table, key));
    }

    /**
     * Every cell as it shows here.
     *
     * @return in no particular order
     */
    public List<Cell> cells() {
        final List<Cell> cells = new ArrayList<>();
        forEachCell(cells::add);
        return cells;
    }

    /**
     * Shows every cell as it shows here. What the node sends waits meanwhile.
     *
     * @param consumer gets cells row by row, in no particular order; must not write
     */
    public void forEachCell(final Consumer<Cell> consumer) {
        local.read(state -> {
            state.view().forEachCell(consumer);
            return null;
        });
    }

    /**
     * Every cell as the node has settled it up to {@link #cursor}, without what was written here since.
     *
     * @return in no particular order
     */
    public List<Cell> settledCells() {
        return local.read(state -> state.view().settled().cells());
    }

    /**
     * The schema migrations that the node has.
     *
     * @return in no particular order
     */
    public Collection<MigrationState> migrations() {
        return local.read(state -> state.view().settled().migrations());
    }

    /**
     * The change sets that were not answered, or wait for a decision of the application.
     *
     * @return oldest first
     */
    public List<OutboxEntry> outbox() {
        return local.read(state -> {
            final List<OutboxEntry> entries = new ArrayList<>();
            for (final Entry entry : state.outbox().entries()) {
                if (entry.state != EntryState.SETTLED) {
                    entries.add(entry.snapshot());
                }
            }
            return entries;
        });
    }

    /**
     * Gives what is undecided of a change set the clock of now, and sends it as a new one: of one that was too late the
     * changes that could not be judged, of a refused one everything. It then counts as written now.
     *
     * @param id too late or refused
     * @return the id of the new one; the old one is gone
     * @throws StoreException NO_SUCH_ENTRY if it is not undecided; otherwise as {@link #write(Consumer)}
     */
    public long restamp(final long id) {
        final long newId = local.restamp(id);
        agent.wakeup();
        return newId;
    }

    /**
     * Sends a refused change set again as it is: because a quota was raised, say.
     *
     * @param id refused
     * @throws StoreException NO_SUCH_ENTRY if it is not refused; otherwise as {@link #write(Consumer)}
     */
    public void resend(final long id) {
        local.resend(id);
        agent.wakeup();
    }

    /**
     * Gives up what is undecided of a change set.
     *
     * @param id too late or refused
     * @throws StoreException NO_SUCH_ENTRY if it is not undecided; otherwise as {@link #write(Consumer)}
     */
    public void drop(final long id) {
        local.drop(id);
    }

    /**
     * Wants another part of the database: its state is read when the node can be reached, and shows then. Holds until it is
     * opened again with other filters.
     *
     * @param filters what matches; none for everything
     */
    public void changeFilters(final List<TableFilter> filters) {
        agent.filters(filters);
    }

    /**
     * How far deliveries were applied.
     *
     * @return the cursor
     */
    public Cursor cursor() {
        return local.read(LocalState::cursor);
    }

    /**
     * The site that writes here.
     *
     * @return the same for the life of the folder
     */
    public Site site() {
        return local.read(state -> state.clock().site());
    }

    /**
     * How it is.
     *
     * @return as of now
     */
    public OfflineStatus status() {
        final long fileBytes = local.fileBytes();
        return local.read(state -> new OfflineStatus(
                agent.state(),
                state.cursor(),
                agent.nodeSequence(),
                state.outbox().waitingCount(),
                state.outbox().undecidedCount(),
                state.outbox().bytes(),
                fileBytes));
    }

    /**
     * Waits until the node has answered everything that was written.
     *
     * @param timeoutMs at most this long, milliseconds
     * @return false if something still waits
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitAnswers(final long timeoutMs) throws InterruptedException {
        return await(() -> local.read(state -> state.outbox().waitingCount()) == 0, timeoutMs);
    }

    /**
     * Waits until it stands to the node in a way.
     *
     * @param state to wait for
     * @param timeoutMs at most this long, milliseconds
     * @return false if it does not yet
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitState(final SyncState state, final long timeoutMs) throws InterruptedException {
        return await(() -> agent.state() == state, timeoutMs);
    }

    /**
     * Waits until effects up to a sequence show here.
     *
     * @param sequence of the database
     * @param timeoutMs at most this long, milliseconds
     * @return false if they do not yet
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitSequence(final long sequence, final long timeoutMs) throws InterruptedException {
        return await(() -> cursor().sequence() >= sequence, timeoutMs);
    }

    /**
     * Closes in order: what the node has in hand is answered first, within the client's linger time.
     *
     * @throws StoreException FAILED if what was written last may not be on stable storage
     */
    @Override
    public void close() {
        agent.close();
    }

    private boolean await(final BooleanSupplier holds, final long timeoutMs) throws InterruptedException {
        if (agent.isCurrent()) {
            throw new IllegalStateException("a call that waits, on the database's own thread");
        }
        final long startNs = System.nanoTime();
        final long limitNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        synchronized (progress) {
            while (!holds.getAsBoolean()) {
                if (System.nanoTime() - startNs >= limitNs) {
                    return false;
                }
                progress.wait(Math.max(1, Math.min(WAIT_SLICE_MS, timeoutMs)));
            }
        }
        return true;
    }

    private void signal() {
        synchronized (progress) {
            progress.notifyAll();
        }
    }
}
