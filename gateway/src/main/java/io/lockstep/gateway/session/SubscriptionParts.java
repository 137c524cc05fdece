package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** What all subscriptions of a node share. Thread of the transports. */
final class SubscriptionParts {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RetryList retries = new RetryList();
    private final DeliverySelection selection = new DeliverySelection();
    private final RouteKey.Seed routeSeed = new RouteKey.Seed(RANDOM.nextLong(), RANDOM.nextLong());
    private final ProgressSweep sweep;

    SubscriptionParts(final SessionLimits limits, final long tickNs) {
        sweep = new ProgressSweep(
                TimeUnit.MILLISECONDS.toNanos(limits.value(SessionLimit.PROGRESS_INTERVAL_MS)), tickNs);
    }

    void onTick() {
        retries.onTick();
        sweep.onTick();
    }

    RetryList retries() {
        return retries;
    }

    DeliverySelection selection() {
        return selection;
    }

    RouteKey.Seed routeSeed() {
        return routeSeed;
    }

    ProgressSweep sweep() {
        return sweep;
    }
}
