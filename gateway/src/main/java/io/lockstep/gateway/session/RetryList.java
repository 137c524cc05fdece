package io.lockstep.gateway.session;

import java.util.ArrayList;

/** Subscriptions that ask again at the next tick. Thread of the transports. */
final class RetryList {
    private ArrayList<Subscription> waiting = new ArrayList<>();
    private ArrayList<Subscription> due = new ArrayList<>();

    void add(final Subscription subscription) {
        waiting.add(subscription);
    }

    /** Those that have to wait once more are added for the next time. */
    void onTick() {
        final ArrayList<Subscription> asking = waiting;
        waiting = due;
        due = asking;
        for (int i = 0; i < asking.size(); i++) {
            asking.get(i).askAgain();
        }
        asking.clear();
    }
}
