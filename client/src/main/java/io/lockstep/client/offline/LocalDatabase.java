package io.lockstep.client.offline;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.Replica;
import io.lockstep.client.store.RecordSink;
import io.lockstep.client.store.Store;
import io.lockstep.client.store.StoreException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.agrona.DirectBuffer;

/**
 * The local file and what it adds up to. Each change is written first and done in memory then; readers see it when it was
 * written, writers return when it is durable. Any thread.
 */
final class LocalDatabase implements AutoCloseable {
    private final OfflineContext context;
    /** Held by whoever writes to the file, from the first byte until memory says the same. */
    private final ReentrantLock writing = new ReentrantLock();
    /** Held to look at memory, and exclusively, by the holder of the other one, to change it. */
    private final ReentrantReadWriteLock memory = new ReentrantReadWriteLock();

    private final Store store;
    private LocalState state;

    private LocalDatabase(final OfflineContext context) {
        this.context = context;
        store = Store.open(context.folder(), this::onRecord);
        try {
            if (store.isNew()) {
                state = new LocalState(firstHeader(), this::clock);
                store.checkpoint(state::checkpoint);
            }
            checkIsSame();
            state.retire();
        } catch (final RuntimeException e) {
            store.close();
            throw e;
        }
    }

    static LocalDatabase open(final OfflineContext context) {
        return new LocalDatabase(context);
    }

    private FileHeader firstHeader() {
        final Site site = context.site() == null ? Site.of(UUID.randomUUID()) : context.site();
        final Settings assumed =
                new Settings(context.database().rowPolicy(), context.database().keyForm());
        final String name = context.database().name();
        return new FileHeader(name, site, 0, 0, 1, assumed, Cursor.start(name), context.filters());
    }

    private HybridClock clock(final Site site) {
        return new HybridClock(site, context.wallClockMs(), HybridClock.DEFAULT_MAX_DRIFT_MS);
    }

    private void onRecord(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        if (kind == Kinds.HEADER) {
            state = new LocalState(FileHeader.decode(buffer, offset, length), this::clock);
        } else {
            Records.apply(state, kind, buffer, offset, length);
        }
    }

    private void checkIsSame() {
        final String name = context.database().name();
        if (!name.equals(state.cursor().database())) {
            throw new StoreException(
                    StoreException.Reason.DIFFERS,
                    "the folder holds another database: database="
                            + state.cursor().database() + ", asked=" + name);
        }
        final Site site = state.clock().site();
        if (context.site() != null && !context.site().equals(site)) {
            throw new StoreException(
                    StoreException.Reason.DIFFERS,
                    "the folder is another site's: site=" + site + ", asked=" + context.site());
        }
    }

    /** Reads; the state must not be kept. */
    <T> T read(final Function<LocalState, T> reader) {
        memory.readLock().lock();
        try {
            return reader.apply(state);
        } finally {
            memory.readLock().unlock();
        }
    }

    /** Changes what is not written down, such as what was sent. */
    <T> T change(final Function<LocalState, T> changer) {
        writing.lock();
        try {
            return inMemory(changer);
        } finally {
            writing.unlock();
        }
    }

    private <T> T inMemory(final Function<LocalState, T> changer) {
        memory.writeLock().lock();
        try {
            return changer.apply(state);
        } finally {
            memory.writeLock().unlock();
        }
    }

    long write(final Consumer<ChangeSet.Builder> changes) {
        return durably(present -> {
            final ChangeSet.Builder builder = ChangeSet.builder(present.clock().tick());
            changes.accept(builder);
            if (builder.size() == 0) {
                throw new IllegalArgumentException("a transaction without a change");
            }
            return append(present, builder.build());
        });
    }

    long write(final ChangeSet set) {
        return durably(present -> append(present, set));
    }

    private long append(final LocalState present, final ChangeSet set) {
        checkRoom(present, set.encodedLength());
        final long id = present.outbox().nextId();
        Records.written(store, id, set);
        final long position = store.flush();
        inMemory(each -> each.written(id, set)).position = position;
        return id;
    }

    long restamp(final long id) {
        return durably(present -> {
            final Entry entry = present.outbox().undecided(id);
            final ChangeSet set = stampedAnew(entry, present.clock().tick());
            final long newId = present.outbox().nextId();
            Records.restamped(store, id, newId, set);
            final long position = store.flush();
            inMemory(each -> each.restamped(entry, newId, set)).position = position;
            return newId;
        });
    }

    void resend(final long id) {
        durably(present -> {
            final Entry entry = present.outbox().undecided(id);
            if (entry.state == EntryState.TOO_LATE) {
                throw new StoreException(
                        StoreException.Reason.NO_SUCH_ENTRY,
                        "what was too late stays so, unless it is stamped anew: id=" + id);
            }
            Records.ofId(store, Kinds.RESENT, id);
            store.flush();
            return inMemory(each -> {
                each.resent(entry);
                return id;
            });
        });
    }

    void drop(final long id) {
        durably(present -> {
            final Entry entry = present.outbox().undecided(id);
            Records.ofId(store, Kinds.DROPPED, id);
            store.flush();
            return inMemory(each -> {
                each.dropped(entry);
                return id;
            });
        });
    }

    /** Writes down what the node said, all of it or nothing, and does it. */
    void settle(final List<Staged> staged) {
        writing.lock();
        try {
            staged.forEach(each -> each.append(store));
            flush();
            inMemory(present -> {
                staged.forEach(each -> each.apply(present));
                present.retire();
                return null;
            });
        } finally {
            writing.unlock();
        }
    }

    /** The application was told of these. */
    void told(final List<Long> ids) {
        settle(List.of(new Staged() {
            @Override
            public void append(final RecordSink sink) {
                ids.forEach(id -> Records.ofId(sink, Kinds.TOLD, id));
            }

            @Override
            public void apply(final LocalState present) {
                ids.forEach(present::told);
            }
        }));
    }

    /** Starts from state that was read; the outbox stays. Writers wait until it is written, readers do not. */
    void reset(final Replica replica, final List<TableFilter> filters, final boolean otherHistory) {
        writing.lock();
        try {
            final LocalState next = new LocalState(state, replica, filters, otherHistory);
            store.checkpoint(next::checkpoint);
            inMemory(before -> {
                state = next;
                return before;
            });
        } finally {
            writing.unlock();
        }
    }

    /** Brings everything to stable storage, and notes that. */
    void sync() {
        store.awaitDurable(store.dataPosition());
        writing.lock();
        try {
            store.mark();
        } finally {
            writing.unlock();
        }
    }

    /** Writes the file anew when it is worth it. Writers wait for that, readers do not. */
    void compact() {
        writing.lock();
        try {
            if (store.bytesSinceCheckpoint() >= Math.max(context.logBytesMin(), store.checkpointBytes())) {
                store.checkpoint(state::checkpoint);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Whether a change set may be sent: one that its writer does not know to be kept must not take effect. */
    boolean isKept(final Entry entry) {
        return !context.isSynced() || entry.position <= store.durablePosition();
    }

    /** Where the last record ends. */
    long dataPosition() {
        return store.dataPosition();
    }

    long fileBytes() {
        writing.lock();
        try {
            return store.checkpointBytes() + store.bytesSinceCheckpoint();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            store.close();
        } finally {
            writing.unlock();
        }
    }

    private long durably(final ToLongFunction<LocalState> change) {
        final long id;
        final long position;
        writing.lock();
        try {
            id = change.applyAsLong(state);
            position = store.dataPosition();
        } catch (final StoreException e) {
            store.discard();
            throw e;
        } finally {
            writing.unlock();
        }
        if (context.isSynced()) {
            store.awaitDurable(position);
        }
        return id;
    }

    private void flush() {
        try {
            store.flush();
        } catch (final StoreException e) {
            store.discard();
            throw e;
        }
    }

    private void checkRoom(final LocalState present, final int bytes) {
        final long kept = present.outbox().bytes();
        if (kept + bytes > context.outboxBytesMax()) {
            throw new StoreException(
                    StoreException.Reason.LIMIT,
                    "the outbox is full: outboxBytesMax=" + context.outboxBytesMax() + ", bytes=" + (kept + bytes));
        }
    }

    private static ChangeSet stampedAnew(final Entry entry, final Hlc clock) {
        final ChangeSet.Builder builder = ChangeSet.builder(clock);
        if (entry.state == EntryState.REFUSED) {
            for (final Migration each : entry.set.migrations()) {
                builder.migration(
                        Integer.toUnsignedLong(each.opSeq()),
                        each.kind(),
                        each.schema(),
                        each.object(),
                        each.fromObject(),
                        Integer.toUnsignedLong(each.version()),
                        each.ddl());
            }
        }
        for (final Change each : entry.snapshot().undecided()) {
            final long opSeq = Integer.toUnsignedLong(each.opSeq());
            if (each.isDelete()) {
                builder.delete(opSeq, each.schema(), each.table(), each.key(), each.before());
            } else {
                builder.write(
                        opSeq, each.schema(), each.table(), each.key(), each.column(), each.value(), each.before());
            }
        }
        return builder.build();
    }
}
