package io.lockstep.engine.stage;

import io.lockstep.engine.arbitration.StateScan;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Takes snapshots in slices between commands, on the thread that arbitrates. Beside the slices there are two short waits,
 * at the start and at the end, until the journal stage has appended what was decided.
 */
public final class SnapshotStage implements Agent {
    /** A slice that took longer held up commands for longer than it may: one in a thousand is allowed to. */
    public static final long SLOW_SLICE_NS = 1_000_000;

    private enum State {
        IDLE,
        STARTING,
        SCANNING,
        ENDING,
        FINISHING
    }

    private final SnapshotPort port;
    private final StateScan scan;
    private final MarkExchange marks;
    private final NanoClock nanoClock;
    private final long sliceNs;
    private final BooleanSupplier held;
    private State state = State.IDLE;
    private SnapshotMark end;
    private long slices;
    private long slowSlices;
    private long sliceNsMax;

    /**
     * A stage.
     *
     * @param port says when, and takes the blocks
     * @param scan of the arbiter
     * @param marks with the other two stages
     * @param nanoClock for the length of slices
     * @param sliceNs a slice ends when it took so long
     * @param held whether the state may hold half a change set, and must not be walked; nor may a snapshot begin
     */
    public SnapshotStage(
            final SnapshotPort port,
            final StateScan scan,
            final MarkExchange marks,
            final NanoClock nanoClock,
            final long sliceNs,
            final BooleanSupplier held) {
        this.port = port;
        this.scan = scan;
        this.marks = marks;
        this.nanoClock = nanoClock;
        this.sliceNs = sliceNs;
        this.held = held;
    }

    @Override
    public int doWork() {
        return switch (state) {
            case IDLE -> !held.getAsBoolean() && port.due() ? ask(State.STARTING) : 0;
            case STARTING -> start();
            case SCANNING -> held.getAsBoolean() ? 0 : slice();
            case ENDING -> end();
            case FINISHING -> finish();
        };
    }

    private int ask(final State next) {
        marks.ask();
        state = next;
        return 1;
    }

    private int start() {
        final SnapshotMark mark = marks.poll();
        if (mark != null) {
            scan.start(mark);
            port.begun(scan.walk());
            state = State.SCANNING;
        }
        return 1;
    }

    private int slice() {
        final long startNs = nanoClock.nanoTime();
        int steps = 0;
        long elapsedNs;
        StateScan.Progress progress;
        do {
            progress = scan.step(port);
            steps++;
            elapsedNs = nanoClock.nanoTime() - startNs;
        } while (progress == StateScan.Progress.MORE && elapsedNs < sliceNs);
        measure(steps, progress, elapsedNs);
        if (progress == StateScan.Progress.DONE) {
            return ask(State.ENDING);
        }
        return progress == StateScan.Progress.BLOCKED ? steps - 1 : steps;
    }

    private void measure(final int steps, final StateScan.Progress progress, final long elapsedNs) {
        if (steps == 1 && progress == StateScan.Progress.BLOCKED) {
            return; // it only asked for a block
        }
        slices++;
        slowSlices += elapsedNs > SLOW_SLICE_NS ? 1 : 0;
        sliceNsMax = Math.max(sliceNsMax, elapsedNs);
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
     * Slices that took longer than {@link #SLOW_SLICE_NS}. Stage's thread, or any for statistics.
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

    private int end() {
        final SnapshotMark mark = marks.poll();
        if (mark != null) {
            end = mark;
            state = State.FINISHING;
        }
        return 1;
    }

    private int finish() {
        if (!scan.end(port, end)) {
            return 0;
        }
        port.complete(end.position());
        state = State.IDLE;
        return 1;
    }

    @Override
    public String roleName() {
        return "snapshot";
    }
}
