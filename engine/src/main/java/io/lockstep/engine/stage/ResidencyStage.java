package io.lockstep.engine.stage;

import io.lockstep.engine.arbitration.Residency;
import io.lockstep.engine.arbitration.StateScan;
import io.lockstep.engine.port.DatabaseLoader;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Lets databases leave memory and takes them in again, in slices between commands, on the thread that arbitrates; another
 * thread reads the files.
 */
public final class ResidencyStage implements Agent {
    /** A database that was in use a moment ago stays: who has just come back may come back again. */
    static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);

    /** Snapshots only to make room come no closer together. */
    static final long WANT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final Residency residency;
    private final SnapshotPort snapshots;
    private final DatabaseLoader loader;
    private final NanoClock nanoClock;
    private final long sliceNs;
    private final BooleanSupplier held;
    private final long idleNs;
    private final long wantIntervalNs;
    private SnapshotBlock block;
    private long wantedNs;
    private long askedNs;
    private long slices;
    private long slowSlices;
    private long sliceNsMax;
    private long loadNsMax;
    private long loadNsSum;
    private volatile long loads;

    /**
     * A stage.
     *
     * @param residency of the arbiter
     * @param scan of the snapshots
     * @param snapshots says what is held, and reads it
     * @param nanoClock for the length of slices
     * @param sliceNs a slice ends when it took so long
     * @param held while true, nothing leaves: a database may be half way through a large change set
     */
    public ResidencyStage(
            final Residency residency,
            final StateScan scan,
            final SnapshotPort snapshots,
            final NanoClock nanoClock,
            final long sliceNs,
            final BooleanSupplier held) {
        this(residency, scan, snapshots, nanoClock, sliceNs, held, IDLE_NS, WANT_INTERVAL_NS);
    }

    /**
     * As the other.
     *
     * @param idleNs a database stays so long after its last session
     * @param wantIntervalNs between two snapshots that are taken only to make room
     */
    ResidencyStage(
            final Residency residency,
            final StateScan scan,
            final SnapshotPort snapshots,
            final NanoClock nanoClock,
            final long sliceNs,
            final BooleanSupplier held,
            final long idleNs,
            final long wantIntervalNs) {
        this.residency = residency;
        this.snapshots = snapshots;
        this.nanoClock = nanoClock;
        this.sliceNs = sliceNs;
        this.held = held;
        this.idleNs = idleNs;
        this.wantIntervalNs = wantIntervalNs;
        loader = snapshots.loader();
        final long nowNs = nanoClock.nanoTime();
        wantedNs = nowNs - wantIntervalNs;
        residency.begin(scan, nowNs);
    }

    @Override
    public int doWork() {
        final long startNs = nanoClock.nanoTime();
        if (loader.failure() != null) {
            throw loader.failure();
        }
        residency.now(startNs, snapshots.held());
        boolean worked = ask(startNs);
        worked |= load(startNs);
        worked |= makeRoom(startNs);
        if (worked) {
            measure(nanoClock.nanoTime() - startNs);
        }
        return worked ? 1 : 0;
    }

    private boolean ask(final long nowNs) {
        final int databaseId = residency.toAskFor();
        if (databaseId == 0 || !loader.tryRequest(databaseId)) {
            return false;
        }
        askedNs = residency.isLoading() ? askedNs : nowNs;
        residency.asked();
        return true;
    }

    private boolean load(final long startNs) {
        if (!residency.isLoading() || !hasBlock()) {
            return false;
        }
        Residency.Progress progress;
        try {
            do {
                progress = residency.load();
            } while (progress == Residency.Progress.MORE && nanoClock.nanoTime() - startNs < sliceNs);
        } catch (final SnapshotException e) {
            throw new JournalFailedException(JournalFailedException.Kind.DAMAGE, e.getMessage(), e);
        }
        if (progress != Residency.Progress.MORE) {
            loader.free(block);
            block = null;
        }
        if (progress == Residency.Progress.DONE) {
            onLoaded();
        }
        return true;
    }

    private boolean hasBlock() {
        if (block == null) {
            block = loader.poll();
            if (block != null) {
                residency.block(block.buffer(), block.length());
            }
        }
        return block != null;
    }

    private void onLoaded() {
        final long nowNs = nanoClock.nanoTime();
        loadNsMax = Math.max(loadNsMax, nowNs - askedNs);
        loadNsSum += nowNs - askedNs;
        askedNs = nowNs;
        loads = residency.loads();
        loader.loaded();
    }

    private boolean makeRoom(final long startNs) {
        boolean worked = false;
        while (!held.getAsBoolean() && residency.makeRoom(idleNs)) {
            worked = true;
            if (nanoClock.nanoTime() - startNs >= sliceNs) {
                break;
            }
        }
        if (startNs - wantedNs >= wantIntervalNs && residency.isSnapshotWorthwhile()) {
            wantedNs = startNs;
            snapshots.want();
        }
        return worked;
    }

    private void measure(final long elapsedNs) {
        slices++;
        slowSlices += elapsedNs > SnapshotStage.SLOW_SLICE_NS ? 1 : 0;
        sliceNsMax = Math.max(sliceNsMax, elapsedNs);
    }

    /**
     * Databases that were brought back. Any thread: whoever sees it move finds them in memory.
     *
     * @return a count since the start
     */
    public long loads() {
        return loads;
    }

    /**
     * Databases that left memory. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long evictions() {
        return residency.evictions();
    }

    /**
     * Databases in memory. Stage's thread, or any for statistics.
     *
     * @return a count
     */
    public int resident() {
        return residency.resident();
    }

    /**
     * What the state of the databases in memory takes. Stage's thread, or any for statistics.
     *
     * @return bytes
     */
    public long usedBytes() {
        return residency.usedBytes();
    }

    /**
     * The longest that a database took to come back, once it was its turn. Stage's thread, or any for statistics.
     *
     * @return nanoseconds
     */
    public long loadNsMax() {
        return loadNsMax;
    }

    /**
     * What all of them took together. Stage's thread, or any for statistics.
     *
     * @return nanoseconds
     */
    public long loadNsSum() {
        return loadNsSum;
    }

    /**
     * Slices taken. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long slices() {
        return slices;
    }

    /**
     * Slices that took longer than a millisecond. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long slowSlices() {
        return slowSlices;
    }

    /**
     * The longest slice. Stage's thread, or any for statistics.
     *
     * @return nanoseconds
     */
    public long sliceNsMax() {
        return sliceNsMax;
    }

    @Override
    public String roleName() {
        return "residency";
    }
}
