package io.lockstep.gateway.session;

import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Sessions that wait, each with one frame: for room in the ring, for a turn, for a rate, for a time, or for a database that
 * is not in memory. Thread of the transports.
 */
final class Waits {
    /** Debts are paid by time: looking oftener would only cost. */
    private static final long DEBTS_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Admission admission;
    private final DatabaseDoor door;
    private final Turns turns;
    private final Turns debts;
    private ArrayList<Session> delayed = new ArrayList<>();
    private ArrayList<Session> delayedBefore = new ArrayList<>();
    private long debtsNs;

    Waits(final IngressPort ingress, final IntPredicate isInUse, final GatewayCounters counters, final long nowNs) {
        door = new DatabaseDoor(ingress, isInUse, nowNs);
        admission = new Admission(ingress, counters);
        turns = new Turns(counters, GatewayCounter.WAITING_FOR_TURN);
        debts = new Turns(counters, GatewayCounter.WAITING_FOR_RATE);
        debtsNs = nowNs;
    }

    /** Lets those go on who may. Returns 0 if nobody could. */
    int doWork(final long nowNs) {
        int work = door.doWork(nowNs) + admission.resumeWaiting() + turns.resume(nowNs);
        if (nowNs - debtsNs >= DEBTS_NS) {
            debtsNs = nowNs;
            work += debts.resume(nowNs);
        }
        return work + resumeDelayed(nowNs);
    }

    private int resumeDelayed(final long nowNs) {
        if (delayed.isEmpty()) {
            return 0;
        }
        final ArrayList<Session> due = delayed;
        delayed = delayedBefore;
        delayedBefore = due;
        int work = 0;
        for (int i = 0; i < due.size(); i++) {
            if (due.get(i).resumeIfDue(nowNs)) {
                work++;
            } else {
                delayed.add(due.get(i));
            }
        }
        due.clear();
        return work;
    }

    /** It has ended. */
    void forget(final Session session) {
        if (session.line() == null) {
            return;
        }
        switch (session.waiting()) {
            case QUOTA -> debts.forget(session);
            case TURN -> turns.forget(session);
            default -> admission.forget(session);
        }
    }

    /** Until a time that the session knows. */
    void resumeLater(final Session session) {
        delayed.add(session);
    }

    /** For databases that are not in memory. */
    DatabaseDoor door() {
        return door;
    }

    /** For the ring. */
    Admission admission() {
        return admission;
    }

    /** For the databases' turns. */
    Turns turns() {
        return turns;
    }

    /** For the quotas. */
    Turns debts() {
        return debts;
    }
}
