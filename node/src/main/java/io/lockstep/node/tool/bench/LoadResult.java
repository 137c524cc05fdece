package io.lockstep.node.tool.bench;

import io.lockstep.codec.SubmitStatus;
import org.HdrHistogram.Histogram;

/**
 * What was measured. One thread; recording allocates nothing.
 *
 * <p>Latencies are nanoseconds: in a closed loop from when the set was made, in an open loop from when it was due,
 * so that waiting for a stalled node counts against every set that it delayed.
 */
public final class LoadResult {
    private static final long LATENCY_MAX_NS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram latencyNs = new Histogram(LATENCY_MAX_NS, SIGNIFICANT_DIGITS);
    private long answered;
    private long accepted;
    private long noEffect;
    private long refused;
    private int lastErrorCode;
    private long elapsedNs;
    private long answeredInTime;

    /** Forgets everything. */
    void reset() {
        latencyNs.reset();
        answered = 0;
        accepted = 0;
        noEffect = 0;
        refused = 0;
        elapsedNs = 0;
    }

    void onAnswer(final int status, final long tookNs) {
        answered++;
        latencyNs.recordValue(Math.min(Math.max(tookNs, 0), LATENCY_MAX_NS));
        if (status == SubmitStatus.ACCEPTED.value()) {
            accepted++;
        } else if (status == SubmitStatus.NO_EFFECT.value()) {
            noEffect++;
        } else {
            refused++;
        }
    }

    void onError(final int code, final long tookNs) {
        answered++;
        refused++;
        lastErrorCode = code;
        latencyNs.recordValue(Math.min(Math.max(tookNs, 0), LATENCY_MAX_NS));
    }

    /** Ends the measured time; what is answered later counts for shares and latencies, not for throughput. */
    void elapsedNs(final long newElapsedNs) {
        elapsedNs = newElapsedNs;
        answeredInTime = answered;
    }

    /**
     * Change sets answered while measuring.
     *
     * @return of whatever status
     */
    public long answered() {
        return answered;
    }

    /**
     * Change sets answered accepted.
     *
     * @return at most {@link #answered}
     */
    public long accepted() {
        return accepted;
    }

    /**
     * Change sets answered no-effect.
     *
     * @return at most {@link #answered}
     */
    public long noEffect() {
        return noEffect;
    }

    /**
     * Change sets answered otherwise, or by an error.
     *
     * @return at most {@link #answered}
     */
    public long refused() {
        return refused;
    }

    /**
     * Code of the last error.
     *
     * @return 0 if there was none
     */
    public int lastErrorCode() {
        return lastErrorCode;
    }

    /**
     * How much was accepted.
     *
     * @return 0 to 1; 0 where nothing was answered
     */
    public double acceptedShare() {
        return answered == 0 ? 0 : (double) accepted / answered;
    }

    /**
     * Throughput.
     *
     * @return change sets answered a second
     */
    public double perSecond() {
        return elapsedNs == 0 ? 0 : answeredInTime * 1e9 / elapsedNs;
    }

    /**
     * How long was measured.
     *
     * @return nanoseconds
     */
    public long elapsedNs() {
        return elapsedNs;
    }

    /**
     * Latency at a percentile.
     *
     * @param percentile 0 to 100
     * @return microseconds
     */
    public double latencyUs(final double percentile) {
        return latencyNs.getValueAtPercentile(percentile) / 1_000.0;
    }

    /**
     * The largest latency.
     *
     * @return microseconds
     */
    public double maxLatencyUs() {
        return latencyNs.getMaxValue() / 1_000.0;
    }
}
