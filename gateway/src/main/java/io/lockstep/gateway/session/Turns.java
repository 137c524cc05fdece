package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import java.util.ArrayDeque;

/**
 * Goes round the lines in which somebody waits, and lets those go on who may: every line has its turn, and begins another
 * time, whatever the length of the others. One thread; allocates nothing once it has grown to the lines there are.
 */
final class Turns {
    private final GatewayCounters counters;
    private final GatewayCounter gauge;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    /** Of the present round. */
    private final ArrayDeque<Line> passedOver = new ArrayDeque<>();

    private Line.Waiter resumed;
    private long number;

    Turns(final GatewayCounters counters, final GatewayCounter gauge) {
        this.counters = counters;
        this.gauge = gauge;
    }

    /** Number of the present round; a new one begins with each {@link #resume}. */
    long number() {
        return number;
    }

    /** Whether this one may pass those who wait in a line: nobody does, or it has just come to be first. */
    boolean mayPass(final Line line, final Line.Waiter waiter) {
        return line.isEmpty() || waiter == resumed;
    }

    /** Stands in line behind all others. */
    void await(final Line line, final Line.Waiter waiter) {
        line.addLast(waiter);
        counters.increment(gauge);
        if (!line.isListed()) {
            line.listed(true);
            lines.addLast(line);
        }
    }

    /** It waits no more, without having had its turn. */
    void forget(final Line.Waiter waiter) {
        waiter.line().remove(waiter);
        counters.decrement(gauge);
    }

    /** One round, those first who had nothing of the round before. Returns how many went on. */
    int resume(final long nowNs) {
        number++;
        int work = 0;
        for (int i = lines.size(); i > 0; i--) {
            final Line line = lines.pollFirst();
            final int wentOn = resume(line, nowNs);
            work += wentOn;
            if (line.isEmpty()) {
                line.listed(false);
            } else if (wentOn == 0) {
                passedOver.addLast(line);
            } else {
                lines.addLast(line);
            }
        }
        if (passedOver.isEmpty() && lines.size() > 1) {
            lines.addLast(lines.pollFirst());
        }
        while (!passedOver.isEmpty()) {
            lines.addFirst(passedOver.pollLast());
        }
        return work;
    }

    /** Each of those who wait now at most once. */
    private int resume(final Line line, final long nowNs) {
        int work = 0;
        for (int i = line.size(); i > 0 && !line.isEmpty() && line.mayGoOn(line.first(), nowNs); i--) {
            resumed = line.pollFirst();
            counters.decrement(gauge);
            resumed.onTurn();
            work++;
        }
        resumed = null;
        return work;
    }
}
