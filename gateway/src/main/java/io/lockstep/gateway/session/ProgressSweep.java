package io.lockstep.gateway.session;

import java.util.ArrayList;

/**
 * Goes round the subscriptions that are not sent everything, so that each is told about once an interval how far nothing
 * matched. A tick looks at and tells a bounded number of them: with more, the round takes longer. Thread of the transports.
 */
final class ProgressSweep {
    private static final int LOOKED_AT_PER_TICK_MAX = 4_096;
    private static final int TOLD_PER_TICK_MAX = 256;

    private final ArrayList<Subscription> subscriptions = new ArrayList<>();
    private final long ticksPerRound;
    private int position;

    ProgressSweep(final long intervalNs, final long tickNs) {
        ticksPerRound = Math.max(1, intervalNs / tickNs);
    }

    void add(final Subscription subscription) {
        subscription.sweepIndex(subscriptions.size());
        subscriptions.add(subscription);
    }

    void remove(final Subscription subscription) {
        final int index = subscription.sweepIndex();
        if (index < 0) {
            return;
        }
        final Subscription last = subscriptions.remove(subscriptions.size() - 1);
        if (last != subscription) {
            subscriptions.set(index, last);
            last.sweepIndex(index);
        }
        subscription.sweepIndex(-1);
    }

    void onTick() {
        final int size = subscriptions.size();
        final int looks = (int) Math.min(LOOKED_AT_PER_TICK_MAX, (size + ticksPerRound - 1) / ticksPerRound);
        int told = 0;
        for (int i = 0; i < looks && told < TOLD_PER_TICK_MAX; i++) {
            position = position >= size ? 0 : position;
            told += subscriptions.get(position++).tellProgress() ? 1 : 0;
        }
    }
}
