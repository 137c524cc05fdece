package io.lockstep.engine;

import io.lockstep.codec.Durability;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.port.CrumbPort;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.port.FatalHandler;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.stage.Decider;
import io.lockstep.engine.stage.SealPolicy;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/** Configuration of an {@link Engine}: fluent, null or 0 means default, concluded once. */
public final class EngineContext {
    private boolean concluded;
    private Arbiter arbiter;
    private Decider decider;
    private JournalPort journal;
    private RecoveredState recovered;
    private EgressPort egress;
    private FatalHandler fatalHandler;
    private CrumbPort crumb;
    private SnapshotPort snapshots;
    private IngressClock clock;
    private Durability durability;
    private SealPolicy sealPolicy;
    private NanoClock nanoClock;
    private EpochClock wallClock;
    private IdleStrategy transportIdleStrategy;
    private Supplier<IdleStrategy> stageIdleStrategy;
    private int ringSlots;
    private int commandRingBytes;
    private int recordRingBytes;
    private int commandBytesMax;
    private int batchSlots;

    /**
     * Who decides; recovered from the same journal. Required. The engine does not close it.
     *
     * @param newArbiter owned by the arbitrate stage from now on
     * @return this
     */
    public EngineContext arbiter(final Arbiter newArbiter) {
        arbiter = newArbiter;
        return this;
    }

    /**
     * Stands between the arbitrate stage and the arbiter, for tests and fault injection.
     *
     * @param newDecider null for the arbiter itself
     * @return this
     */
    public EngineContext decider(final Decider newDecider) {
        decider = newDecider;
        return this;
    }

    /**
     * Where records go. Required. The engine does not close it.
     *
     * @param newJournal open, its records replayed
     * @return this
     */
    public EngineContext journal(final JournalPort newJournal) {
        journal = newJournal;
        return this;
    }

    /**
     * Where the journal ended. Required.
     *
     * @param newRecovered what recovery found
     * @return this
     */
    public EngineContext recovered(final RecoveredState newRecovered) {
        recovered = newRecovered;
        return this;
    }

    /**
     * Where committed slots go. Required.
     *
     * @param newEgress called on the thread of the transports
     * @return this
     */
    public EngineContext egress(final EgressPort newEgress) {
        egress = newEgress;
        return this;
    }

    /**
     * Who is told that the engine stopped. Required.
     *
     * @param newFatalHandler called at most once
     * @return this
     */
    public EngineContext fatalHandler(final FatalHandler newFatalHandler) {
        fatalHandler = newFatalHandler;
        return this;
    }

    /**
     * Keeps the note of what arbitration has in hand.
     *
     * @param newCrumb null for none
     * @return this
     */
    public EngineContext crumb(final CrumbPort newCrumb) {
        crumb = newCrumb;
        return this;
    }

    /**
     * Where snapshots of the state go. Needs the arbiter itself.
     *
     * @param newSnapshots null for none
     * @return this
     */
    public EngineContext snapshots(final SnapshotPort newSnapshots) {
        snapshots = newSnapshots;
        return this;
    }

    /**
     * Stamps commands.
     *
     * @param newClock null for one anchored at the system's clocks
     * @return this
     */
    public EngineContext clock(final IngressClock newClock) {
        clock = newClock;
        return this;
    }

    /**
     * What an answer promises.
     *
     * @param newDurability JOURNALED or SYNCED; null for SYNCED
     * @return this
     */
    public EngineContext durability(final Durability newDurability) {
        durability = newDurability;
        return this;
    }

    /**
     * When SHA-256 seals are written.
     *
     * @param newSealPolicy null for the default
     * @return this
     */
    public EngineContext sealPolicy(final SealPolicy newSealPolicy) {
        sealPolicy = newSealPolicy;
        return this;
    }

    /**
     * The monotonic clock.
     *
     * @param newNanoClock null for the system's
     * @return this
     */
    public EngineContext nanoClock(final NanoClock newNanoClock) {
        nanoClock = newNanoClock;
        return this;
    }

    /**
     * The wall clock.
     *
     * @param newWallClock null for the system's
     * @return this
     */
    public EngineContext wallClock(final EpochClock newWallClock) {
        wallClock = newWallClock;
        return this;
    }

    /**
     * How the transports' thread idles; its event loop's own wait belongs here.
     *
     * @param newIdleStrategy null to back off
     * @return this
     */
    public EngineContext transportIdleStrategy(final IdleStrategy newIdleStrategy) {
        transportIdleStrategy = newIdleStrategy;
        return this;
    }

    /**
     * How the other threads idle.
     *
     * @param newIdleStrategy makes one for each thread; null to back off
     * @return this
     */
    public EngineContext stageIdleStrategy(final Supplier<IdleStrategy> newIdleStrategy) {
        stageIdleStrategy = newIdleStrategy;
        return this;
    }

    /**
     * Most commands in flight.
     *
     * @param slots a power of two
     * @return this
     */
    public EngineContext ringSlots(final int slots) {
        ringSlots = slots;
        return this;
    }

    /**
     * Most bytes of commands between ingress and arbitration.
     *
     * @param bytes a power of two
     * @return this
     */
    public EngineContext commandRingBytes(final int bytes) {
        commandRingBytes = bytes;
        return this;
    }

    /**
     * Most bytes of records and answers between arbitration and egress.
     *
     * @param bytes a power of two
     * @return this
     */
    public EngineContext recordRingBytes(final int bytes) {
        recordRingBytes = bytes;
        return this;
    }

    /**
     * Largest command that is published.
     *
     * @param bytes of the SBE message
     * @return this
     */
    public EngineContext commandBytesMax(final int bytes) {
        commandBytesMax = bytes;
        return this;
    }

    /**
     * Most slots that a stage takes in one duty cycle.
     *
     * @param slots at least 1
     * @return this
     */
    public EngineContext batchSlots(final int slots) {
        batchSlots = slots;
        return this;
    }

    /**
     * Fills in the defaults and checks everything against everything.
     *
     * @return this
     * @throws IllegalStateException when called twice
     * @throws IllegalArgumentException naming the settings and their values
     */
    public EngineContext conclude() {
        if (concluded) {
            throw new IllegalStateException("already concluded");
        }
        concluded = true;
        decider = decider == null && arbiter != null ? Decider.of(arbiter) : decider;
        EngineRules.requireComplete(this);
        concludeDefaults();
        concludeClocks();
        EngineRules.check(this);
        return this;
    }

    private void concludeDefaults() {
        crumb = crumb == null ? CrumbPort.NONE : crumb;
        snapshots = snapshots == null ? SnapshotPort.NONE : snapshots;
        durability = durability == null ? Durability.SYNCED : durability;
        sealPolicy = sealPolicy == null ? SealPolicy.DEFAULT : sealPolicy;
        ringSlots = ringSlots == 0 ? EngineLimits.RING_SLOTS : ringSlots;
        commandBytesMax = commandBytesMax == 0 ? FrameLimits.DEFAULT.frameBytesMax() : commandBytesMax;
        commandRingBytes = commandRingBytes == 0 ? EngineLimits.COMMAND_RING_BYTES : commandRingBytes;
        recordRingBytes = recordRingBytes == 0 ? EngineLimits.RECORD_RING_BYTES : recordRingBytes;
        batchSlots = batchSlots == 0 ? EngineLimits.BATCH_SLOTS : batchSlots;
        transportIdleStrategy = transportIdleStrategy == null ? new BackoffIdleStrategy() : transportIdleStrategy;
        stageIdleStrategy = stageIdleStrategy == null ? BackoffIdleStrategy::new : stageIdleStrategy;
    }

    private void concludeClocks() {
        nanoClock = nanoClock == null ? SystemNanoClock.INSTANCE : nanoClock;
        wallClock = wallClock == null ? SystemEpochClock.INSTANCE : wallClock;
        clock = clock == null ? IngressClock.anchored(nanoClock.nanoTime(), wallClock.time()) : clock;
    }

    Arbiter arbiter() {
        return arbiter;
    }

    Decider decider() {
        return decider;
    }

    JournalPort journal() {
        return journal;
    }

    RecoveredState recovered() {
        return recovered;
    }

    EgressPort egress() {
        return egress;
    }

    FatalHandler fatalHandler() {
        return fatalHandler;
    }

    SnapshotPort snapshots() {
        return snapshots;
    }

    CrumbPort crumb() {
        return crumb;
    }

    IngressClock clock() {
        return clock;
    }

    Durability durability() {
        return durability;
    }

    SealPolicy sealPolicy() {
        return sealPolicy;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    EpochClock wallClock() {
        return wallClock;
    }

    IdleStrategy transportIdleStrategy() {
        return transportIdleStrategy;
    }

    Supplier<IdleStrategy> stageIdleStrategy() {
        return stageIdleStrategy;
    }

    int ringSlots() {
        return ringSlots;
    }

    int commandRingBytes() {
        return commandRingBytes;
    }

    int commandBytesMax() {
        return commandBytesMax;
    }

    int recordRingBytes() {
        return recordRingBytes;
    }

    int batchSlots() {
        return batchSlots;
    }

    boolean concluded() {
        return concluded;
    }
}
