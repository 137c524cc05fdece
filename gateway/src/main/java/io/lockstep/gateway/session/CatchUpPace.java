package io.lockstep.gateway.session;

import org.agrona.concurrent.NanoClock;

/**
 * The budget of catching up: bytes a second for all sessions together, a piece at a time and without bursts, so that the
 * thread of the transports has time for those who are live. In force only while something is committed: a node on which
 * nobody writes has nobody to protect. Reader's thread.
 */
public final class CatchUpPace {
    /** No limit. */
    public static final CatchUpPace NONE = new CatchUpPace(0, () -> 0);

    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** How long after a commit there is live traffic. */
    private static final long LIVE_NS = 100_000_000L;

    private final long bytesPerSecond;
    private final NanoClock clock;
    private long committedPosition = Long.MIN_VALUE;
    private long liveUntilNs;
    private boolean live;
    private long dueNs;
    private boolean held;

    /**
     * A budget.
     *
     * @param bytesPerSecond of deliveries; 0 for no limit
     * @param clock monotonic
     */
    public CatchUpPace(final long bytesPerSecond, final NanoClock clock) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
    }

    /** Whether the next piece must wait. */
    boolean isHeldUp(final long newCommittedPosition) {
        if (bytesPerSecond == 0) {
            return false;
        }
        final long nowNs = clock.nanoTime();
        if (newCommittedPosition != committedPosition) {
            live = committedPosition != Long.MIN_VALUE;
            committedPosition = newCommittedPosition;
            liveUntilNs = nowNs + LIVE_NS;
        }
        live = live && nowNs - liveUntilNs < 0;
        held = held && live && nowNs - dueNs < 0;
        return held;
    }

    /** A piece was read. What was not used before is lost. */
    void read(final int bytes) {
        if (bytesPerSecond > 0) {
            dueNs = clock.nanoTime() + bytes * NS_PER_SECOND / bytesPerSecond;
            held = true;
        }
    }
}
