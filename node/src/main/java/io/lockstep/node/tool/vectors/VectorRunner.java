package io.lockstep.node.tool.vectors;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.MigrationState;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.node.json.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BitUtil;

/**
 * Runs one vector after the other, each on an engine of its own over a journal in memory: ring, arbitration, journal,
 * commit and egress as in a node. Then compares answers, state and digest, and replays the journal. One thread.
 */
public final class VectorRunner {
    private static final Incarnation INCARNATION = new Incarnation(0x4C4F_434B_5354_4550L, 1);
    private static final int FRAME_BYTES_MIN = 1 << 16;
    private static final int CHANGES_MAX = 4_096;
    private static final int RING_SLOTS_MIN = 1 << 11;
    private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final long WAIT_STEP_NS = 20_000;
    private static final int DIFFERENCES_MAX = 5;

    private final VectorLayout layout;
    private final int batch;

    /**
     * A runner.
     *
     * @param layout who drives the stages
     * @param batch steps that are published before the stages run, at least 1; also what a stage takes at a time
     */
    public VectorRunner(final VectorLayout layout, final int batch) {
        this.layout = layout;
        this.batch = batch;
    }

    /**
     * Runs a vector.
     *
     * @param vector to run
     * @return the first differences, for people; empty if it passed
     */
    public List<String> run(final Vector vector) {
        final FrameLimits limits = limits(vector);
        final IngressClock clock = IngressClock.manual(
                vector.steps().isEmpty() ? 0 : vector.steps().get(0).nowMs());
        final VectorDriver driver = new VectorDriver(vector, batch, clock, limits);
        final MemoryJournal journal = MemoryJournal.selfSyncing();
        try (Arbiter arbiter = arbiter(limits)) {
            final RecoveredState recovered = recover(journal, arbiter, clock.timeMs());
            drive(driver, journal, arbiter, recovered, clock);
        }
        final List<String> differences = new ArrayList<>(answerDifferences(vector, driver.found()));
        differences.addAll(stateDifferences(vector, driver.pages()));
        differences.addAll(replayDifferences(journal, limits));
        return differences.subList(0, Math.min(differences.size(), DIFFERENCES_MAX));
    }

    private void drive(
            final VectorDriver driver,
            final MemoryJournal journal,
            final Arbiter arbiter,
            final RecoveredState recovered,
            final IngressClock clock) {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final int ringBytes = BitUtil.findNextPositivePowerOfTwo(4 * arbiter.outBytesMax());
        final EngineContext context = new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(recovered)
                .egress(driver)
                .fatalHandler((component, cause) -> failure.set(cause))
                .clock(clock)
                .ringSlots(Math.max(RING_SLOTS_MIN, BitUtil.findNextPositivePowerOfTwo(batch)))
                .recordRingBytes(ringBytes)
                .batchSlots(batch)
                .conclude();
        try (Engine engine = new Engine(context)) {
            driver.ingress(engine.ingress());
            if (layout.threads() != null) {
                engine.start(layout.threads(), driver, VectorRunner::daemon);
            }
            final long startNs = System.nanoTime();
            while (!driver.isDone()) {
                if (failure.get() != null) {
                    throw new IllegalStateException("the engine failed: " + failure.get(), failure.get());
                }
                if (System.nanoTime() - startNs > WAIT_NS_MAX) {
                    throw new IllegalStateException("no answer: waitedNs=" + WAIT_NS_MAX);
                }
                if (layout.threads() == null) {
                    driver.doWork();
                    engine.doWork();
                } else {
                    LockSupport.parkNanos(WAIT_STEP_NS);
                }
            }
        }
    }

    private static List<String> answerDifferences(final Vector vector, final List<Vector.Expected> found) {
        final List<String> differences = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            final Vector.Expected expected = vector.steps().get(i).expected();
            if (!expected.equals(found.get(i))) {
                differences.add("step " + i + ": expected " + expected + ", found " + found.get(i));
            }
        }
        return differences;
    }

    private static List<String> stateDifferences(final Vector vector, final List<StatePage> pages) {
        final List<String> differences = new ArrayList<>();
        final Replica replica = new Replica("vector");
        final List<Cell> cells = new ArrayList<>();
        final List<MigrationState> migrations = new ArrayList<>();
        for (final StatePage page : pages) {
            replica.load(page);
            cells.addAll(page.cells());
            migrations.addAll(page.migrations());
        }
        compare("cell", vector.finalState(), cells, differences);
        compare("migration", vector.finalMigrations(), migrations, differences);
        final StatePage last = pages.get(pages.size() - 1);
        final Digest128 digest = replica.digest(new Site(INCARNATION.high(), INCARNATION.low()));
        if (!digest.matches(last.digestHigh(), last.digestLow())) {
            differences.add("digest: of the cells read " + digest + ", of the node "
                    + Long.toHexString(last.digestHigh()) + " " + Long.toHexString(last.digestLow()));
        }
        return differences;
    }

    private static <T> void compare(
            final String what, final List<T> expected, final List<T> found, final List<String> differences) {
        final Set<T> missing = new HashSet<>(expected);
        final Set<T> surplus = new HashSet<>(found);
        if (surplus.size() != found.size()) {
            differences.add("a " + what + " stands twice in the state");
        }
        missing.removeAll(surplus);
        surplus.removeAll(new HashSet<>(expected));
        missing.forEach(each -> differences.add("missing " + what + " " + each));
        surplus.forEach(each -> differences.add("surplus " + what + " " + each));
    }

    private static List<String> replayDifferences(final MemoryJournal journal, final FrameLimits limits) {
        try (Arbiter arbiter = arbiter(limits)) {
            JournalBootstrap.recover(journal, INCARNATION, arbiter, (position, lastPosition) -> {});
            return List.of();
        } catch (final RuntimeException e) {
            return List.of("replay: " + e.getMessage());
        }
    }

    private static RecoveredState recover(final MemoryJournal journal, final Arbiter arbiter, final long nowMs) {
        JournalBootstrap.incarnation(journal, INCARNATION, nowMs, WAIT_NS_MAX);
        return JournalBootstrap.recover(journal, INCARNATION, arbiter, (position, lastPosition) -> {});
    }

    private static Arbiter arbiter(final FrameLimits limits) {
        return new Arbiter(new ArbiterContext()
                .incarnation(INCARNATION.high(), INCARNATION.low())
                .hashSeed(1, 2)
                .limits(limits)
                .conclude());
    }

    /** Frames just large enough, so that an engine for each vector stays small. */
    private static FrameLimits limits(final Vector vector) {
        int frameBytes = FRAME_BYTES_MIN;
        for (final Vector.Step step : vector.steps()) {
            if (step.set() != null) {
                frameBytes = Math.max(frameBytes, step.set().encodedLength() + FrameDescriptor.HEADER_LENGTH);
            }
        }
        final FrameLimits usual = FrameLimits.DEFAULT;
        return new FrameLimits(
                frameBytes,
                CHANGES_MAX,
                usual.nameBytesMax(),
                usual.keyBytesMax(),
                usual.keyPartsMax(),
                usual.ddlBytesMax());
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task, "vectors");
        thread.setDaemon(true);
        return thread;
    }
}
