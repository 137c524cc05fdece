package io.lockstep.engine;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.StateScan;
import io.lockstep.engine.port.CommitPort;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.ring.CommandRing;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.ring.IngressPublisher;
import io.lockstep.engine.stage.ArbitrateStage;
import io.lockstep.engine.stage.ClockAgent;
import io.lockstep.engine.stage.CommitTracker;
import io.lockstep.engine.stage.EgressStage;
import io.lockstep.engine.stage.FailStop;
import io.lockstep.engine.stage.JournalStage;
import io.lockstep.engine.stage.MarkExchange;
import io.lockstep.engine.stage.ResidencyStage;
import io.lockstep.engine.stage.SnapshotStage;
import io.lockstep.engine.stage.StageAgents;
import io.lockstep.engine.stage.ThreadLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;

/**
 * The ring with its stages. Either {@link #start} gives it threads, or the caller is its one thread and calls
 * {@link #doWork()} in lock-step.
 *
 * <p>{@link #ingress()} and {@link #clock()} belong to the thread of the transports; counters, positions and
 * {@link #failed()} may be read by any thread.
 */
public final class Engine implements AutoCloseable, CommitPort {
    /** A slice of a snapshot, which commands wait for: 100 microseconds. */
    private static final long SNAPSHOT_SLICE_NS = 100_000;

    private final EngineContext context;
    private final IngressPublisher publisher;
    private final CommitTracker commit;
    private final FailStop failStop;
    private final StageAgents stages;
    private final EngineCounters counters;
    private final List<AgentRunner> runners = new ArrayList<>();
    private final CommandRing ring;
    private boolean closed;

    /**
     * Allocates the rings and wires the stages.
     *
     * @param context concluded
     */
    public Engine(final EngineContext context) {
        if (!context.concluded()) {
            throw new IllegalStateException("the context was not concluded");
        }
        this.context = context;
        ring = new CommandRing(context.ringSlots(), context.commandRingBytes(), context.recordRingBytes());
        final int batchSlots = context.batchSlots();
        failStop = new FailStop(context.fatalHandler());
        commit = new CommitTracker(ring.gate(), context.journal(), context.durability());
        final MarkExchange marks = new MarkExchange();
        final ArbitrateStage arbitrate =
                new ArbitrateStage(ring, context.decider(), context.crumb(), marks, batchSlots);
        final JournalStage journal = new JournalStage(
                ring,
                context.journal(),
                context.recovered(),
                context.sealPolicy(),
                context.nanoClock(),
                batchSlots,
                Arbiter.RULES_VERSION,
                failStop,
                marks);
        final boolean hasSnapshots = context.snapshots() != SnapshotPort.NONE;
        final StateScan scan = hasSnapshots ? context.arbiter().scan() : null;
        final SnapshotStage snapshots = hasSnapshots ? snapshots(scan, marks) : null;
        final ResidencyStage residency = hasSnapshots ? residency(scan) : null;
        publisher = new IngressPublisher(
                ring,
                context.clock(),
                context.recovered().lastStampedTimeMs(),
                hasSnapshots ? residency::loads : () -> 0,
                context.decider().stagedSets());
        stages = new StageAgents(
                failStop.guard(new ClockAgent(context.clock(), context.nanoClock(), context.wallClock())),
                hasSnapshots ? failStop.guard(new CompositeAgent(snapshots, residency)) : null,
                failStop.guard(arbitrate),
                failStop.guard(journal),
                failStop.guard(commit),
                failStop.guard(new EgressStage(ring, context.egress(), batchSlots)));
        counters = new EngineCounters(ring, publisher, arbitrate, snapshots, residency);
    }

    private SnapshotStage snapshots(final StateScan scan, final MarkExchange marks) {
        return new SnapshotStage(
                context.snapshots(),
                scan,
                marks,
                context.nanoClock(),
                SNAPSHOT_SLICE_NS,
                context.arbiter()::isBusyWithLargeSet);
    }

    private ResidencyStage residency(final StateScan scan) {
        return new ResidencyStage(
                context.arbiter().residency(),
                scan,
                context.snapshots(),
                context.nanoClock(),
                SNAPSHOT_SLICE_NS,
                context.arbiter()::isBusyWithLargeSet);
    }

    /**
     * Gives the engine its threads. At most once, and not together with {@link #doWork()}.
     *
     * @param layout which agents share a thread
     * @param transport runs with the egress stage; null if there is none
     * @param threads makes the threads
     */
    public void start(final ThreadLayout layout, final Agent transport, final ThreadFactory threads) {
        if (closed || !runners.isEmpty()) {
            throw new IllegalStateException("an engine is started once: closed=" + closed);
        }
        final Agent guarded = transport == null ? null : failStop.guard(transport);
        for (final Agent agent : layout.compose(stages, guarded)) {
            final var idleStrategy = runners.isEmpty()
                    ? context.transportIdleStrategy()
                    : context.stageIdleStrategy().get();
            runners.add(
                    new AgentRunner(idleStrategy, failure -> failStop.fail(agent.roleName(), failure), null, agent));
        }
        final ThreadFactory letting = task -> threads.newThread(new LetGo(task));
        runners.forEach(runner -> AgentRunner.startOnThread(runner, letting));
    }

    /**
     * One duty cycle of every agent, in the order of the flow, on the caller's thread.
     *
     * @return how much work was done; 0 when nothing could go on
     */
    public int doWork() {
        stages.clock().doWork();
        return (stages.snapshots() == null ? 0 : stages.snapshots().doWork())
                + stages.arbitrate().doWork()
                + stages.journal().doWork()
                + stages.commit().doWork()
                + stages.egress().doWork();
    }

    /**
     * Where transports hand over commands.
     *
     * @return the one producer
     */
    public IngressPort ingress() {
        return publisher;
    }

    /**
     * The clock that stamps commands.
     *
     * @return ticked by the engine's own agent
     */
    public IngressClock clock() {
        return context.clock();
    }

    /**
     * The state machine. Only the thread that arbitrates may touch it; in lock-step that is the caller.
     *
     * @return as configured
     */
    public Arbiter arbiter() {
        return context.arbiter();
    }

    @Override
    public long committedPosition() {
        return commit.committedPosition();
    }

    /**
     * How far the engine has come.
     *
     * @return live values
     */
    public EngineCounters counters() {
        return counters;
    }

    /**
     * Whether everything that was published has been handed to the transports. Any thread.
     *
     * @return true when nothing is in flight
     */
    public boolean drained() {
        return counters.delivered() == counters.published();
    }

    /**
     * Whether the engine stopped for good.
     *
     * @return true once the fatal handler was called
     */
    public boolean failed() {
        return failStop.failed();
    }

    /**
     * Stops everything because of a failure outside of the stages. Any thread.
     *
     * @param component which one
     * @param cause why
     */
    public void fail(final String component, final Throwable cause) {
        failStop.fail(component, cause);
    }

    /**
     * Ends the threads, seals the journal's end and frees the rings. What is still in flight is dropped, so stop publishing and wait for
     * {@link #drained()} before. Journal and arbiter stay open.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (runners.isEmpty()) {
            stages.journal().onClose();
        }
        runners.forEach(AgentRunner::close);
        if (runners.stream().allMatch(AgentRunner::isClosed)) {
            ring.free();
        }
    }

    /**
     * Runs a task without keeping it: from Java 19 on a thread that has ended still refers to what it ran, and with
     * assertions on, the Disruptor refers to every thread that ever published. Each would keep a whole engine.
     */
    private static final class LetGo implements Runnable {
        private Runnable task;

        private LetGo(final Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            final Runnable taken = task;
            task = null;
            taken.run();
        }
    }
}
