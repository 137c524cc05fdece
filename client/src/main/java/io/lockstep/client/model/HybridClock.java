package io.lockstep.client.model;

import java.util.function.LongSupplier;

/**
 * A hybrid logical clock for authors: stamps never go back, and are later than every clock that was received. Safe for
 * use by several threads.
 *
 * <p>A received clock that is further ahead of the wall than the drift allows is not followed, so that one site with a
 * wrong wall cannot push all others into refusals.
 */
public final class HybridClock {
    /** Drift that nodes allow by default, milliseconds. */
    public static final long DEFAULT_MAX_DRIFT_MS = 60_000;

    private final Site site;
    private final LongSupplier wallClockMs;
    private final long maxDriftMs;
    private long wall;
    private int counter = -1;

    /**
     * A clock.
     *
     * @param site the author
     * @param wallClockMs gives milliseconds since 1970
     * @param maxDriftMs how far ahead of the wall clock it may be pushed by others, at least 0
     */
    public HybridClock(final Site site, final LongSupplier wallClockMs, final long maxDriftMs) {
        if (maxDriftMs < 0) {
            throw new IllegalArgumentException("maxDriftMs=" + maxDriftMs);
        }
        this.site = site;
        this.wallClockMs = wallClockMs;
        this.maxDriftMs = maxDriftMs;
    }

    /**
     * A clock on the system's wall clock, with the default drift.
     *
     * @param site the author
     * @return a clock
     */
    public static HybridClock system(final Site site) {
        return new HybridClock(site, System::currentTimeMillis, DEFAULT_MAX_DRIFT_MS);
    }

    /**
     * The stamp of a new change set.
     *
     * @return later than every stamp given and every clock followed before; opSeq 0
     */
    public synchronized Hlc tick() {
        final long nowMs = wallClockMs.getAsLong();
        if (nowMs > wall) {
            wall = nowMs;
            counter = 0;
        } else if (counter == Hlc.COUNTER_MAX) {
            wall++;
            counter = 0;
        } else {
            counter++;
        }
        return new Hlc(wall, counter, site, 0);
    }

    /**
     * Follows a clock that was received, so that the next stamp is later.
     *
     * @param receivedWall its wall, milliseconds since 1970
     * @param receivedCounter its counter
     * @return false if it is too far ahead and was not followed
     */
    public synchronized boolean receive(final long receivedWall, final int receivedCounter) {
        if (receivedWall - wallClockMs.getAsLong() > maxDriftMs) {
            return false;
        }
        if (receivedWall > wall || (receivedWall == wall && receivedCounter > counter)) {
            wall = receivedWall;
            counter = receivedCounter;
        }
        return true;
    }

    /**
     * Follows a clock that was received.
     *
     * @param received any
     * @return false if it is too far ahead and was not followed
     */
    public boolean receive(final Hlc received) {
        return receive(received.wall(), received.counter());
    }

    /**
     * Goes on after a stamp that this site gave itself in a former life, however far it is ahead of the wall: a stamp given
     * twice would mean two things.
     *
     * @param ownWall its wall, milliseconds since 1970
     * @param ownCounter its counter
     */
    public synchronized void resume(final long ownWall, final int ownCounter) {
        if (ownWall > wall || (ownWall == wall && ownCounter > counter)) {
            wall = ownWall;
            counter = ownCounter;
        }
    }

    /**
     * The last stamp given or followed.
     *
     * @return opSeq 0; wall and counter 0 before the first
     */
    public synchronized Hlc last() {
        return new Hlc(wall, Math.max(0, counter), site, 0);
    }

    /**
     * The author.
     *
     * @return its site
     */
    public Site site() {
        return site;
    }
}
