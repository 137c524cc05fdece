package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.StalledSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Looks once a second for subscribers that do not move although there is more for them, and names the worst to the operator.
 * They are closed by other limits, or not at all. Thread of the transports.
 */
final class StallWatch {
    /** As many are named. */
    private static final int NAMED_MAX = 10;

    /** Whoever moved within this time is slow, not stalled. */
    private static final long STALLED_MS_MIN = 1_000;

    private static final Comparator<StalledSession> BEST_FIRST =
            Comparator.comparingLong(StalledSession::behind).thenComparingLong(StalledSession::stalledMs);

    private final GatewayCounters counters;

    StallWatch(final GatewayCounters counters) {
        this.counters = counters;
    }

    void look(final Iterable<Session> sessions, final long nowNs) {
        final PriorityQueue<StalledSession> worst = new PriorityQueue<>(BEST_FIRST);
        int count = 0;
        long behindMost = 0;
        long stalledMsMost = 0;
        for (final Session session : sessions) {
            final Subscription subscription = session.streams().subscription();
            if (subscription == null) {
                continue;
            }
            final long stalledMs = TimeUnit.NANOSECONDS.toMillis(subscription.stalledNs(nowNs));
            if (stalledMs < STALLED_MS_MIN) {
                continue;
            }
            final long behind = subscription.feed().committed() - subscription.delivered();
            count++;
            behindMost = Math.max(behindMost, behind);
            stalledMsMost = Math.max(stalledMsMost, stalledMs);
            worst.add(new StalledSession(
                    session.grant().principal(),
                    session.databaseName(),
                    session.id(),
                    behind,
                    stalledMs,
                    session.wire().pendingBytes()));
            if (worst.size() > NAMED_MAX) {
                worst.remove();
            }
        }
        final List<StalledSession> named = new ArrayList<>(worst);
        named.sort(BEST_FIRST.reversed());
        counters.stalled(named);
        set(GatewayCounter.STALLED_SUBSCRIBERS, count);
        set(GatewayCounter.STALLED_BEHIND_MOST, behindMost);
        set(GatewayCounter.STALLED_MS_MOST, stalledMsMost);
    }

    private void set(final GatewayCounter gauge, final long value) {
        counters.add(gauge, value - counters.value(gauge));
    }
}
