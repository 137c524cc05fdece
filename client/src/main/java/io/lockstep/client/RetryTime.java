package io.lockstep.client;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** When to ask again: as the node said, and up to a quarter later, so that not all come back at once. One thread. */
final class RetryTime {
    private static final long DEFAULT_RETRY_MS = 10;

    private final Random random;

    RetryTime(final long seed) {
        random = new Random(seed);
    }

    long atNs(final long nowNs, final long retryAfterMs) {
        final long delayNs = TimeUnit.MILLISECONDS.toNanos(retryAfterMs > 0 ? retryAfterMs : DEFAULT_RETRY_MS);
        return nowNs + delayNs + (long) (random.nextDouble() * delayNs / 4);
    }
}
