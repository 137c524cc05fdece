package io.lockstep.gateway.session;

import java.util.ArrayList;

/** Who asks again at the next tick. Thread of the transports. */
final class RetryList {
    private ArrayList<Retried> waiting = new ArrayList<>();
    private ArrayList<Retried> due = new ArrayList<>();

    void add(final Retried asking) {
        waiting.add(asking);
    }

    /** Those that have to wait once more are added for the next time. */
    void onTick() {
        final ArrayList<Retried> asking = waiting;
        waiting = due;
        due = asking;
        for (int i = 0; i < asking.size(); i++) {
            asking.get(i).askAgain();
        }
        asking.clear();
    }
}
