package io.lockstep.engine.arbitration;

import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The state machine: takes commands one by one, decides by the rules of arbitration, keeps the state of all databases.
 *
 * <p>Deterministic: what it writes follows from the commands and their order alone. Not thread-safe; one thread owns
 * it. Total: for a body that the frame validator accepts no call throws, so an exception is a bug and must stop the
 * node. Steady state allocates nothing on the heap.
 */
public final class Arbiter implements AutoCloseable {
    /** The rules in force, as records name them. */
    public static final int RULES_VERSION = 1;

    private final ArbiterContext context;
    private final Arena arena;
    private final TableHash tableHash;
    private final DigestKey digestKey;
    private final DatabaseRegistry databases;
    private final ChangeSetArbiter changeSets;
    private final LargeSetArbiter largeSets;
    private final NodeCommands nodeCommands;
    private final StrayCommands strays;
    private final StatePager pager;
    private final DatabaseLister lister;
    private final Prefetcher prefetcher;
    private final AnswerEncoder answers = new AnswerEncoder();
    private long epoch;
    private long lastStampedTimeMs;

    /**
     * An arbiter without databases, at epoch 0.
     *
     * @param context concluded
     */
    public Arbiter(final ArbiterContext context) {
        this(context, LargeSetLimits.SLICE_ENTRIES);
    }

    /** Large change sets in other slices than the default; where they end decides nothing. */
    Arbiter(final ArbiterContext context, final int sliceEntries) {
        context.requireConcluded();
        this.context = context;
        arena = new Arena(context.arenaBytesMax());
        tableHash = new TableHash(context.hashSeed0(), context.hashSeed1());
        digestKey = new DigestKey(context.incarnationHigh(), context.incarnationLow());
        databases = new DatabaseRegistry(context, arena, tableHash, digestKey, answers);
        changeSets = new ChangeSetArbiter(context, arena, tableHash, digestKey, answers);
        largeSets = new LargeSetArbiter(context, sliceEntries, arena, tableHash, digestKey);
        nodeCommands = new NodeCommands(context.prunedAtOnceMax(), answers);
        strays = new StrayCommands(databases, nodeCommands, answers);
        pager = new StatePager(context, arena, answers);
        lister = new DatabaseLister(context, databases);
        prefetcher = new Prefetcher(arena, tableHash);
    }

    /**
     * Decides one command. Writes the unsealed journal record first, if the state changed, and then the answer.
     *
     * @param command the envelope
     * @param body holds the SBE message that the kind names, with its header; validated
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset with {@link #outBytesMax()} bytes of room from here on
     * @param decision is told where record and answer are
     */
    public void decide(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decide(false, command, body, offset, length, out, outOffset, decision);
    }

    /**
     * Decides a command out of the journal: like {@link #decide}, but limits that may have been lowered since are not
     * applied, and a record that creates a database is taken as CreateDatabaseCommand under OPEN_DATABASE.
     *
     * @param command the envelope as the record names it
     * @param body holds the record's command field
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset with {@link #outBytesMax()} bytes of room from here on, and never less than twice the record
     * @param decision is told where record and answer are
     */
    public void replay(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decide(true, command, body, offset, length, out, outOffset, decision);
    }

    /**
     * Says that a change set will be decided soon. Changes nothing, and need not be called.
     *
     * @param databaseId the database, if there is one
     * @param body holds the validated SubmitChangeSet with its header
     * @param offset of its first byte
     */
    public void expect(final int databaseId, final DirectBuffer body, final int offset) {
        final Database database = databases.byId(databaseId);
        if (database != null) {
            prefetcher.expect(database, body, offset);
        }
    }

    /** Brings what the change sets that are expected will need into the processor's cache. Changes nothing. */
    public void prefetch() {
        prefetcher.prefetch();
    }

    /**
     * The most that a call of {@link #decide} writes.
     *
     * @return bytes
     */
    public int outBytesMax() {
        return context.recordBytesMax() + context.answerBytesMax() + Long.BYTES;
    }

    /**
     * The epoch in force.
     *
     * @return 0 before the first epoch command
     */
    public long epoch() {
        return epoch;
    }

    /**
     * The time of the last command.
     *
     * @return milliseconds since 1970
     */
    public long lastStampedTimeMs() {
        return lastStampedTimeMs;
    }

    /**
     * Databases made so far.
     *
     * @return a count; they are numbered from 1 to this
     */
    public int databaseCount() {
        return databases.count();
    }

    /**
     * A database by its number.
     *
     * @param databaseId 1 to {@link #databaseCount()}
     * @return null if there is none in memory
     */
    public DatabaseView database(final int databaseId) {
        return databases.byId(databaseId);
    }

    /**
     * A database by its name.
     *
     * @param name compared exactly
     * @return null if there is none in memory
     */
    public DatabaseView database(final String name) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return databases.byId(databases.idOf(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    /**
     * Which databases are in memory.
     *
     * @return belongs to the thread that owns the arbiter
     */
    public Residency residency() {
        return databases.residency();
    }

    /**
     * A walk over the whole state, for a snapshot.
     *
     * @return belongs to the thread that owns the arbiter
     */
    public StateScan scan() {
        return scan(StateScan.ENTRIES_PER_STEP, StateScan.CELLS_PER_ENTRY);
    }

    StateScan scan(final int entriesPerStep, final int cellsPerEntry) {
        return new StateScan(
                databases, arena, digestKey, context.limits().frameBytesMax(), entriesPerStep, cellsPerEntry);
    }

    /**
     * The room that a block needs for a walk.
     *
     * @return bytes
     */
    public int snapshotBlockBytes() {
        return SnapshotFormat.BLOCK_BYTES
                + SnapshotEntries.entryBytesMax(context.limits().frameBytesMax());
    }

    /**
     * Brings this arbiter, which must be empty, to the state of a snapshot.
     *
     * @return to be used once
     */
    public StateRestore restore() {
        if (databases.count() > 0 || lastStampedTimeMs > 0) {
            throw new IllegalStateException("the arbiter is not empty: databases=" + databases.count());
        }
        return new StateRestore(this, context, arena, tableHash, digestKey);
    }

    /**
     * Where large change sets are looked for.
     *
     * @return what the context named
     */
    public StagedSets stagedSets() {
        return context.stagedSets();
    }

    /**
     * Whether a large change set is being decided, so that the state may hold half of it.
     *
     * @return true until it is decided
     */
    public boolean isBusyWithLargeSet() {
        return largeSets.isBusy();
    }

    DatabaseRegistry databases() {
        return databases;
    }

    void restore(final long restoredEpoch, final long restoredStampedTimeMs) {
        epoch = restoredEpoch;
        lastStampedTimeMs = restoredStampedTimeMs;
    }

    /** Gives all memory back. Nothing may be called after it. */
    @Override
    public void close() {
        arena.close();
    }

    private void decide(
            final boolean replaying,
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.clear();
        lastStampedTimeMs = Math.max(lastStampedTimeMs, command.stampedTimeMs());
        if (command.kind() == CommandKind.OPEN_DATABASE) {
            databases.decide(command, epoch, body, offset, out, outOffset, decision);
        } else if (command.kind() == CommandKind.EPOCH) {
            epoch = nodeCommands.onEpoch(command, epoch, body, offset, length, out, outOffset, decision);
        } else if (command.kind() == CommandKind.RELEASE_DATABASE) {
            onRelease(command, body, offset);
        } else if (command.kind() == CommandKind.READ_DATABASES) {
            decision.databaseId(command.databaseId());
            decision.answer(outOffset, lister.page(body, offset, out, outOffset));
        } else {
            final Database database = databases.byId(command.databaseId());
            if (database == null) {
                strays.onUnknownDatabase(command, body, offset, out, outOffset, decision);
                return;
            }
            decision.databaseId(database.id());
            if (largeSets.holds(database) && !isOfLargeSet(command.kind())) {
                strays.onHeld(database, body, offset, out, outOffset, decision);
                return;
            }
            switch (command.kind()) {
                case CHANGE_SET -> {
                    changeSets.start(replaying, epoch);
                    changeSets.decide(database, command, body, offset, length, out, outOffset, decision);
                }
                case READ_STATE -> decision.answer(outOffset, pager.page(database, body, offset, out, outOffset));
                case PRUNE -> nodeCommands.onPrune(database, command, epoch, body, offset, out, outOffset, decision);
                case LARGE_PART ->
                    largeSets.part(database, command, epoch, body, offset, length, out, outOffset, decision);
                case LARGE_STEP -> largeSets.step(database, command, epoch, body, offset, out, outOffset, decision);
                default -> throw new IllegalStateException("not for a database: kind=" + command.kind());
            }
        }
    }

    private void onRelease(final IngressCommand command, final DirectBuffer body, final int offset) {
        final Database database = databases.byId(command.databaseId());
        if (database != null) {
            databases.residency().released(database, body.getLong(offset, ByteOrder.LITTLE_ENDIAN));
        }
    }

    private static boolean isOfLargeSet(final CommandKind kind) {
        return kind == CommandKind.LARGE_PART || kind == CommandKind.LARGE_STEP;
    }
}
