package io.lockstep.client;

import io.lockstep.client.wire.Backoff;
import java.util.concurrent.TimeUnit;

/** Where and when to connect next. One thread. */
final class Reconnection {
    private final AddressBook addresses;
    private final Backoff backoff;
    private final long stableAfterNs;
    private long nextAttemptNs;
    private long notBeforeNs;
    private boolean hasNotBefore;
    private String redirect = "";
    private int failuresInRound;

    Reconnection(final ClientContext context) {
        addresses = new AddressBook(context.addresses());
        backoff = new Backoff(
                TimeUnit.MILLISECONDS.toNanos(context.backoffMinMs()),
                TimeUnit.MILLISECONDS.toNanos(context.backoffMaxMs()),
                context.seed());
        stableAfterNs = TimeUnit.MILLISECONDS.toNanos(context.stableAfterMs());
        nextAttemptNs = context.clock().nanoTime();
    }

    HostAndPort address() {
        return addresses.current();
    }

    boolean isDue(final long nowNs) {
        return nowNs - nextAttemptNs >= 0;
    }

    long nextAttemptNs() {
        return nextAttemptNs;
    }

    /** A node said when to come back, and perhaps where; holds for the next attempt. */
    void comeBack(final long nowNs, final long afterMs, final long jitterMs, final String address) {
        notBeforeNs = nowNs
                + TimeUnit.MILLISECONDS.toNanos(afterMs)
                + backoff.randomNs(TimeUnit.MILLISECONDS.toNanos(jitterMs));
        hasNotBefore = true;
        redirect = address;
    }

    /** An attempt failed before the session began: the next address is tried at once, all of them after a delay. */
    void attemptFailed(final long nowNs) {
        addresses.failed();
        failuresInRound++;
        final boolean roundOver = failuresInRound % addresses.size() == 0;
        schedule(nowNs, roundOver ? backoff.nextDelayNs() : 0);
    }

    /** A session ended: the same address is tried first. */
    void sessionEnded(final long nowNs, final long lastedNs, final boolean elsewhere) {
        if (lastedNs >= stableAfterNs) {
            backoff.reset();
            failuresInRound = 0;
        }
        if (elsewhere) {
            addresses.failed();
        }
        schedule(nowNs, hasNotBefore ? 0 : backoff.nextDelayNs());
    }

    private void schedule(final long nowNs, final long delayNs) {
        nextAttemptNs = nowNs + delayNs;
        if (hasNotBefore && notBeforeNs - nextAttemptNs > 0) {
            nextAttemptNs = notBeforeNs;
        }
        hasNotBefore = false;
        if (!redirect.isEmpty()) {
            addresses.redirect(redirect);
            redirect = "";
        }
    }
}
