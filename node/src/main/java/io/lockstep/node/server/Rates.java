package io.lockstep.node.server;

import java.util.function.LongSupplier;

/** A rate over the last few seconds. One thread samples, any thread reads. */
final class Rates {
    private static final int WINDOW = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final LongSupplier counter;
    private final long[] counts = new long[WINDOW];
    private final long[] timesNs = new long[WINDOW];
    private int samples;
    private volatile long perSecond;

    /**
     * A rate.
     *
     * @param counter only goes up
     */
    Rates(final LongSupplier counter) {
        this.counter = counter;
    }

    /**
     * Looks at the counter.
     *
     * @param nowNs monotonic time
     */
    void sample(final long nowNs) {
        final int slot = samples % WINDOW;
        final long count = counter.getAsLong();
        final int oldest = samples < WINDOW ? 0 : slot;
        if (samples > 0 && nowNs > timesNs[oldest]) {
            perSecond = Math.round((double) (count - counts[oldest]) * NS_PER_SECOND / (nowNs - timesNs[oldest]));
        }
        counts[slot] = count;
        timesNs[slot] = nowNs;
        samples++;
    }

    /**
     * The rate now.
     *
     * @return a second
     */
    long perSecond() {
        return perSecond;
    }
}
