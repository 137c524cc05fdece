package io.lockstep.client.wire;

import java.util.Random;

/**
 * Delays between attempts: doubled with each failure up to a limit, and then a random one between half of that and all
 * of it. Not thread-safe.
 */
public final class Backoff {
    private static final int DOUBLINGS_MAX = 30;

    private final long minNs;
    private final long maxNs;
    private final Random random;
    private int failures;

    /**
     * No failure yet.
     *
     * @param minNs delay after the first failure, above 0, nanoseconds
     * @param maxNs limit of delays, at least minNs
     * @param seed of the jitter
     */
    public Backoff(final long minNs, final long maxNs, final long seed) {
        this.minNs = minNs;
        this.maxNs = maxNs;
        random = new Random(seed);
    }

    /**
     * Counts a failure.
     *
     * @return how long to wait, nanoseconds
     */
    public long nextDelayNs() {
        long delayNs = minNs;
        for (int i = 0; i < failures && delayNs < maxNs; i++) {
            delayNs *= 2;
        }
        failures = Math.min(failures + 1, DOUBLINGS_MAX);
        delayNs = Math.min(delayNs, maxNs);
        return delayNs - randomNs(delayNs / 2);
    }

    /** All is well again. */
    public void reset() {
        failures = 0;
    }

    /**
     * A random time.
     *
     * @param boundNs inclusive, at least 0
     * @return 0 to boundNs
     */
    public long randomNs(final long boundNs) {
        return boundNs <= 0 ? 0 : (long) (random.nextDouble() * (boundNs + 1));
    }
}
