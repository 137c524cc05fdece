package io.lockstep.engine.ring;

/**
 * The time that is stamped on commands: it follows the monotonic clock from an anchor and is slewed towards the wall
 * clock, so that a jump of the wall clock never reaches arbitration.
 *
 * <p>Belongs to the ingress thread, which ticks it; {@link #stepAlarm()} and {@link #acceptStep()} may be called by any
 * thread. It never reads a clock itself. What it answers can go back only after an accepted step; the publisher stamps
 * max(previous, this).
 */
public final class IngressClock {
    /** Parts in a million of elapsed time by which the clock is moved towards the wall clock, at most. */
    public static final long SLEW_PPM_MAX = 500;

    /** A larger difference to the wall clock is a step: not followed, but alarmed. */
    public static final long STEP_MS = 5_000;

    private static final long NS_PER_MS = 1_000_000;
    private static final long PPM = 1_000_000;

    private final boolean manual;
    private long clockNs;
    private long lastTickNs;
    private long slewCredit;
    private volatile boolean stepAlarm;
    private volatile boolean stepAccepted;

    private IngressClock(final boolean manual, final long nanoTime, final long wallMs) {
        this.manual = manual;
        this.lastTickNs = nanoTime;
        this.clockNs = wallMs * NS_PER_MS;
    }

    /**
     * A clock that is ticked.
     *
     * @param nanoTime the monotonic clock now
     * @param wallMs the wall clock now, milliseconds since 1970: the anchor
     * @return a clock
     */
    public static IngressClock anchored(final long nanoTime, final long wallMs) {
        return new IngressClock(false, nanoTime, wallMs);
    }

    /**
     * A clock that stands where it is set: for conformance vectors, tests and simulation. Ticks do nothing.
     *
     * @param timeMs milliseconds since 1970
     * @return a clock
     */
    public static IngressClock manual(final long timeMs) {
        return new IngressClock(true, 0, timeMs);
    }

    /**
     * Moves on. Ingress thread, once a duty cycle.
     *
     * @param nanoTime the monotonic clock now
     * @param wallMs the wall clock now, milliseconds since 1970
     */
    public void tick(final long nanoTime, final long wallMs) {
        final long elapsedNs = nanoTime - lastTickNs;
        if (manual || elapsedNs <= 0) {
            return;
        }
        lastTickNs = nanoTime;
        clockNs += elapsedNs;
        final long differenceNs = wallMs * NS_PER_MS - clockNs;
        if (Math.abs(differenceNs) > STEP_MS * NS_PER_MS) {
            onStep(differenceNs);
            return;
        }
        if (stepAlarm) {
            stepAlarm = false;
        }
        // Short ticks earn less than a nanosecond of slew each: what they earn is kept, at most one tick's rest of it.
        slewCredit = slewCredit % PPM + elapsedNs * SLEW_PPM_MAX;
        final long slewNsMax = slewCredit / PPM;
        clockNs += Math.max(-slewNsMax, Math.min(slewNsMax, differenceNs));
    }

    private void onStep(final long differenceNs) {
        if (stepAccepted) {
            stepAccepted = false;
            stepAlarm = false;
            clockNs += differenceNs;
        } else if (!stepAlarm) {
            stepAlarm = true;
        }
    }

    /**
     * Stands at a time. Manual clocks only; may go back, the publisher's stamps do not.
     *
     * @param timeMs milliseconds since 1970
     */
    public void set(final long timeMs) {
        if (!manual) {
            throw new IllegalStateException("only a manual clock can be set: timeMs=" + timeMs);
        }
        clockNs = timeMs * NS_PER_MS;
    }

    /**
     * The clock as of the last tick. Ingress thread.
     *
     * @return milliseconds since 1970
     */
    public long timeMs() {
        return Math.floorDiv(clockNs, NS_PER_MS);
    }

    /**
     * Whether the wall clock stands more than {@link #STEP_MS} away and is not followed. Any thread.
     *
     * @return true until the difference goes away or is accepted
     */
    public boolean stepAlarm() {
        return stepAlarm;
    }

    /** An operator says that the wall clock is right: the next tick takes it over. Any thread; without an alarm a no-op. */
    public void acceptStep() {
        if (stepAlarm) {
            stepAccepted = true;
        }
    }
}
