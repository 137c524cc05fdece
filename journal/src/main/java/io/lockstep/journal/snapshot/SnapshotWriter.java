package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.DatabaseLoader;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a snapshot is due and writes it, on a thread of its own; the arbitrate stage's thread fills the blocks
 * through {@link SnapshotPort}. A snapshot that cannot be written is given up and tried again later: the journal alone
 * is the truth.
 */
public final class SnapshotWriter implements SnapshotPort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);
    private static final int BLOCKS = 4;
    private static final long RETENTION_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long PARK_NS_MIN = 500_000;
    private static final long PARK_NS_MAX = 100_000_000;

    private enum State {
        IDLE,
        WRITING,
        COMMITTING,
        DRAINING
    }

    private final SnapshotContext context;
    private final SnapshotFolder folder;
    private final SnapshotSchedule schedule;
    private final Retention retention;
    private final NanoClock nanoClock;
    private final OneToOneConcurrentArrayQueue<SnapshotBlock> free = new OneToOneConcurrentArrayQueue<>(BLOCKS);
    private final OneToOneConcurrentArrayQueue<SnapshotBlock> filled = new OneToOneConcurrentArrayQueue<>(BLOCKS);
    private final AgentRunner runner;
    private final HeldSnapshots held;
    private final SnapshotTally tally;
    private State state = State.IDLE;
    private boolean allocated;
    private WrittenSnapshot output;
    private long beginNs;
    private long retainedNs;
    private long startPosition;
    private volatile boolean due;
    private volatile long completePosition;

    /**
     * A writer; {@link #start} gives it its thread.
     *
     * @param context concluded
     * @throws IOException if the folder cannot be read
     */
    public SnapshotWriter(final SnapshotContext context) throws IOException {
        this(context, SystemNanoClock.INSTANCE, System::currentTimeMillis);
    }

    SnapshotWriter(final SnapshotContext context, final NanoClock nanoClock, final LongSupplier wallClockMs)
            throws IOException {
        if (!context.isConcluded()) {
            throw new IllegalArgumentException("snapshot context is not concluded");
        }
        this.context = context;
        this.nanoClock = nanoClock;
        folder = new SnapshotFolder(context.dataFolder());
        folder.prepare();
        tally = new SnapshotTally(wallClockMs);
        retention = new Retention(context, folder, wallClockMs);
        retainedNs = nanoClock.nanoTime();
        schedule = new SnapshotSchedule(context, nanoClock.nanoTime());
        final List<SnapshotFile> found = folder.newestFirst();
        if (!found.isEmpty()) {
            schedule.published(found.get(0).position(), found.get(0).bytes());
            tally.found(found.get(0).path());
        }
        held = new HeldSnapshots(context);
        runner = new AgentRunner(
                new BackoffIdleStrategy(0, 0, PARK_NS_MIN, PARK_NS_MAX),
                failure -> LOG.warn("a snapshot cannot be written", failure),
                null,
                new Work());
    }

    /** Starts the threads. At most once. */
    public void start() {
        held.start();
        AgentRunner.startOnThread(runner, HeldSnapshots::daemon);
    }

    /** Asks for a snapshot soon, whatever the journal's size. Any thread. */
    @Override
    public void want() {
        schedule.want();
    }

    /**
     * What became of snapshots so far, and whether one is on its way. Any thread.
     *
     * @return live values
     */
    public SnapshotTally tally() {
        return tally;
    }

    /**
     * The newest snapshot. Any thread.
     *
     * @return its position, 0 if there is none
     */
    public long position() {
        return schedule.lastPosition();
    }

    /**
     * The newest snapshot. Any thread.
     *
     * @return its bytes, 0 if there is none
     */
    public long bytes() {
        return schedule.lastBytes();
    }

    @Override
    public boolean due() {
        return due;
    }

    @Override
    public void begun(final long walk) {
        held.begun(walk);
    }

    @Override
    public long held() {
        return held.walk();
    }

    @Override
    public DatabaseLoader loader() {
        return held.loader();
    }

    @Override
    public SnapshotBlock take() {
        if (due) {
            due = false;
        }
        return free.poll();
    }

    @Override
    public void write(final SnapshotBlock block) {
        if (!filled.offer(block)) {
            throw new IllegalStateException("there are no more blocks than room: blocks=" + BLOCKS);
        }
    }

    @Override
    public void complete(final long position) {
        completePosition = position;
    }

    /** One duty cycle. The writer's thread. */
    int doWork() {
        return switch (state) {
            case IDLE -> look();
            case WRITING -> writeNext();
            case COMMITTING -> publishIfCommitted();
            case DRAINING -> drain();
        };
    }

    private int look() {
        final long nowNs = nanoClock.nanoTime();
        if (nowNs - retainedNs >= RETENTION_INTERVAL_NS) {
            retainedNs = nowNs;
            retention.apply();
        }
        final long position = schedule.due(nowNs);
        if (position == 0) {
            return 0;
        }
        begin(nowNs, position);
        return 1;
    }

    private void begin(final long nowNs, final long written) {
        try {
            // The walk starts a little later; its own position is in its header, and a lower name does no harm.
            startPosition = written;
            output = new WrittenSnapshot(folder.part(startPosition), startPosition, held.file());
        } catch (final IOException ex) {
            giveUp(ex.toString());
            return;
        }
        schedule.begun();
        tally.begun();
        if (!allocated) {
            allocated = true;
            for (int i = 0; i < BLOCKS; i++) {
                free.offer(new SnapshotBlock(context.blockBytes()));
            }
        }
        beginNs = nowNs;
        completePosition = 0;
        state = State.WRITING;
        due = true;
    }

    private int writeNext() {
        final long complete = completePosition; // read first: all its blocks are in the queue then
        if (output.bytes() > context.bytesPerSecond() / 1e9 * (nanoClock.nanoTime() - beginNs)) {
            return 0;
        }
        if (output.isCopying()) {
            tryWrite(null);
            return 1;
        }
        final SnapshotBlock block = filled.poll();
        if (block == null) {
            if (complete > 0) {
                state = State.COMMITTING;
            }
            return 0;
        }
        tryWrite(block);
        free.offer(block);
        return 1;
    }

    /** Null: goes on with what is taken over from the snapshot before. */
    private void tryWrite(final SnapshotBlock block) {
        try {
            if (block == null) {
                output.copy();
            } else {
                output.write(block);
            }
            output.requireRoom(context);
            tally.wrote(output.bytes());
        } catch (final SnapshotException ex) {
            // Only what is read can be that: databases that are not in memory are damaged on the disk.
            held.fail(ex);
            giveUp(ex.toString());
        } catch (final IOException | RuntimeException ex) {
            giveUp(ex.toString());
        }
    }

    private int publishIfCommitted() {
        if (context.commit().committedPosition() < completePosition) {
            return 0;
        }
        try {
            final SnapshotFile file = output.publish(folder);
            held.published(file);
            schedule.published(startPosition, output.bytes());
            tally.whole();
            LOG.info(
                    "snapshot: file={}, bytes={}, endPosition={}, ms={}",
                    file.path().getFileName(),
                    output.bytes(),
                    completePosition,
                    TimeUnit.NANOSECONDS.toMillis(nanoClock.nanoTime() - beginNs));
            output.close();
            output = null;
            folder.keep(SnapshotContext.KEPT);
        } catch (final IOException | RuntimeException ex) {
            giveUp(ex.toString());
        }
        state = State.IDLE; // nothing is on its way any more
        return 1;
    }

    /** The walk goes on to its end, to nobody. */
    private void giveUp(final String cause) {
        tally.gaveUp();
        schedule.givenUp(nanoClock.nanoTime(), output == null ? 0 : output.bytes());
        LOG.warn(
                "a snapshot cannot be written, and is tried again in {} s: folder={}, cause={}",
                TimeUnit.NANOSECONDS.toSeconds(SnapshotSchedule.RETRY_NS),
                folder.path(),
                cause);
        if (output != null) {
            abandon();
            state = State.DRAINING;
        }
    }

    private void abandon() {
        try {
            output.abandon();
        } catch (final IOException ex) {
            LOG.warn("a snapshot that is not whole cannot be deleted: {}", ex.toString());
        }
        output = null;
    }

    private int drain() {
        final long complete = completePosition;
        final SnapshotBlock block = filled.poll();
        if (block == null) {
            if (complete > 0) {
                state = State.IDLE;
            }
            return 0;
        }
        free.offer(block);
        return 1;
    }

    /** Ends the thread; a snapshot that is not whole is given up. The engine must have ended. */
    @Override
    public void close() {
        runner.close();
        held.close();
        if (output != null) {
            abandon();
        }
    }

    private final class Work implements Agent {
        @Override
        public int doWork() {
            return SnapshotWriter.this.doWork();
        }

        @Override
        public String roleName() {
            return "snapshot";
        }
    }
}
