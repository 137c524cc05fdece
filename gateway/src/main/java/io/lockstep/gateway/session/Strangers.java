package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.AddressBook;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Sessions that have not shown a valid token yet, oldest first. One thread. */
final class Strangers {
    /** How long a connection is given to show a token before it may have to make room. */
    static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Connections that may come before the transport asks again. */
    private static final int MARGIN = 16;

    /** One address that has more than this part of them all is not given it. */
    private static final int PARTS_OF_ADDRESS = 4;

    private final GatewayCounters counters;
    private final Set<Session> sessions = new LinkedHashSet<>();

    Strangers(final GatewayCounters counters) {
        this.counters = counters;
    }

    void add(final Session session) {
        sessions.add(session);
        counters.increment(GatewayCounter.UNAUTHENTICATED);
    }

    void remove(final Session session) {
        if (sessions.remove(session)) {
            counters.decrement(GatewayCounter.UNAUTHENTICATED);
        }
    }

    int count() {
        return sessions.size();
    }

    /**
     * Whether more may come. After a restart everybody comes at once, and shows a token in a moment: nobody is sent away for
     * that, those who are still to come wait outside.
     */
    boolean mayCome(final int max, final long nowNs) {
        if (sessions.size() <= max - MARGIN) {
            return true;
        }
        final Session next = mostExpendable();
        return nowNs - next.connectedNs() >= GRACE_NS
                || next.address().unauthenticated() > sessions.size() / PARTS_OF_ADDRESS;
    }

    /** Ends the oldest one of the address that holds most, so that few addresses cannot keep all others out. */
    void evict() {
        counters.increment(GatewayCounter.HANDSHAKE_TIMEOUTS);
        mostExpendable()
                .end(
                        -1,
                        Refusal.of(
                                ErrorCode.HANDSHAKE_TIMEOUT,
                                "no valid Hello before others needed the room: unauthenticated=" + sessions.size()));
    }

    private Session mostExpendable() {
        AddressBook.Entry largest = null;
        Session found = null;
        for (final Session session : sessions) {
            final AddressBook.Entry address = session.address();
            if (largest == null || address.unauthenticated() > largest.unauthenticated()) {
                largest = address;
                found = session;
            }
        }
        return found;
    }
}
