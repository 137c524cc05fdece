package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Heartbeats and time-outs of all sessions. A session is looked at when one of its times may have come, and at the latest
 * after a round of the wheel, so that many quiet ones cost little; one that has ended is dropped when its place comes round.
 * Thread of the transports.
 */
final class SessionTimers {
    private static final int PLACES = 64;

    /** Of sessions that have not said Hello, or to which bytes wait to be sent: what they wait for may change at once. */
    private static final long LOOK_NS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

    /** A stall is noticed this part of its time-out late at most. */
    private static final int PARTS_OF_STALL = 8;

    private final SessionHub hub;
    private final long tickNs;
    private final long handshakeNs;
    private final int heartbeatsMissedMax;
    private final long tokenWarningMs;
    private final long lookNsMax;
    private final ArrayList<ArrayList<Session>> wheel = new ArrayList<>(PLACES);
    private ArrayList<Session> spare = new ArrayList<>();
    private int place;
    private long placeNs;

    SessionTimers(final SessionHub hub, final SessionLimits limits, final long tickNs, final long nowNs) {
        this.hub = hub;
        this.tickNs = tickNs;
        handshakeNs = ns(limits, SessionLimit.HANDSHAKE_TIMEOUT_MS);
        heartbeatsMissedMax = limits.intValue(SessionLimit.HEARTBEATS_MISSED_MAX);
        tokenWarningMs = limits.value(SessionLimit.TOKEN_WARNING_MS);
        lookNsMax = Math.min(LOOK_NS_MAX, ns(limits, SessionLimit.STALL_TIMEOUT_MS) / PARTS_OF_STALL);
        placeNs = nowNs;
        for (int i = 0; i < PLACES; i++) {
            wheel.add(new ArrayList<>());
        }
    }

    private static long ns(final SessionLimits limits, final SessionLimit limit) {
        return TimeUnit.MILLISECONDS.toNanos(limits.value(limit));
    }

    void add(final Session session) {
        schedule(session, tickNs);
    }

    private void schedule(final Session session, final long delayNs) {
        final long ticks = Math.max(1, Math.min(PLACES - 1, (delayNs + tickNs - 1) / tickNs));
        wheel.get((place + (int) ticks) & (PLACES - 1)).add(session);
    }

    /** Looks at those whose time may have come. */
    void onTick(final long nowNs, final long nowMs) {
        final long ticks = (nowNs - placeNs) / tickNs;
        placeNs += ticks * tickNs;
        for (long i = Math.min(ticks, PLACES); i > 0; i--) {
            place = (place + 1) & (PLACES - 1);
            final ArrayList<Session> due = wheel.set(place, spare);
            for (int j = 0; j < due.size(); j++) {
                final Session session = due.get(j);
                final long delayNs = session.state() == SessionState.CLOSED ? -1 : look(session, nowNs, nowMs);
                if (session.state() != SessionState.CLOSED) {
                    schedule(session, delayNs);
                }
            }
            due.clear();
            spare = due;
        }
    }

    /** Ends it, or sends what is due; tells how long nothing will be. */
    private long look(final Session session, final long nowNs, final long nowMs) {
        if (session.state() == SessionState.CONNECTED) {
            return awaitHello(session, nowNs);
        }
        final long pendingBytes = session.wire().pendingBytes();
        if (isStalled(session, pendingBytes, nowNs) || session.isExpired(nowMs)) {
            return 0;
        }
        final Liveness liveness = session.liveness();
        final long timeoutNs = liveness.heartbeatNs() * heartbeatsMissedMax;
        final long silentNs = session.waiting() == Session.Waiting.NOTHING ? liveness.silentNs(nowNs) : 0;
        if (silentNs >= timeoutNs) {
            onSilent(session, timeoutNs, silentNs);
            return 0;
        }
        if (pendingBytes == 0 && liveness.heartbeatInNs(nowNs) <= 0) {
            hub.publisher().heartbeat(session, nowNs, false);
        }
        final long soonestNs = Math.min(timeoutNs - silentNs, liveness.heartbeatInNs(nowNs));
        final long expiryNs = expiryInNs(session.grant().expiresMs(), nowMs);
        return Math.min(Math.min(soonestNs, expiryNs), pendingBytes == 0 ? Long.MAX_VALUE : lookNsMax);
    }

    /** Until it is warned of, or has come. */
    private long expiryInNs(final long expiresMs, final long nowMs) {
        if (expiresMs == 0) {
            return Long.MAX_VALUE;
        }
        final long warnInMs = expiresMs - tokenWarningMs - nowMs;
        return TimeUnit.MILLISECONDS.toNanos(warnInMs > 0 ? warnInMs : expiresMs - nowMs);
    }

    private long awaitHello(final Session session, final long nowNs) {
        final long waitedNs = nowNs - session.connectedNs();
        if (session.waiting() == Session.Waiting.PENALTY) {
            return lookNsMax;
        }
        // Not before: after a restart everybody behind one address comes at once, and shows a token in a moment.
        final Refusal tooMany = waitedNs < Strangers.GRACE_NS
                ? null
                : hub.over(
                        SessionLimit.UNAUTHENTICATED_PER_ADDRESS_MAX,
                        session.address().unauthenticated());
        if (tooMany != null) {
            hub.counters().increment(GatewayCounter.SESSIONS_REFUSED);
            session.end(-1, tooMany);
        } else if (waitedNs >= handshakeNs) {
            onNoHello(session, TimeUnit.NANOSECONDS.toMillis(waitedNs));
        }
        return Math.min(lookNsMax, Math.max(0, handshakeNs - waitedNs));
    }

    private void onNoHello(final Session session, final long waitedMs) {
        final long timeoutMs = TimeUnit.NANOSECONDS.toMillis(handshakeNs);
        hub.counters().increment(GatewayCounter.HANDSHAKE_TIMEOUTS);
        session.end(
                -1,
                Refusal.limit(
                        ErrorCode.HANDSHAKE_TIMEOUT,
                        timeoutMs,
                        waitedMs,
                        "no valid Hello in time: handshakeTimeoutMs=" + timeoutMs));
    }

    private boolean isStalled(final Session session, final long pendingBytes, final long nowNs) {
        final int timeoutMs = RequestGate.stallTimeoutMs(hub, pendingBytes);
        final long stalledMs = TimeUnit.NANOSECONDS.toMillis(session.liveness().stalledNs(pendingBytes, nowNs));
        if (stalledMs < timeoutMs) {
            return false;
        }
        hub.counters().increment(GatewayCounter.STALLED);
        session.end(
                -1,
                Refusal.limit(
                        ErrorCode.SLOW_CONSUMER,
                        timeoutMs,
                        stalledMs,
                        "took nothing: timeoutMs=" + timeoutMs + ", pendingBytes=" + pendingBytes));
        return true;
    }

    private void onSilent(final Session session, final long timeoutNs, final long silentNs) {
        hub.counters().increment(GatewayCounter.HEARTBEAT_TIMEOUTS);
        final long timeoutMs = TimeUnit.NANOSECONDS.toMillis(timeoutNs);
        session.end(
                -1,
                Refusal.limit(
                        ErrorCode.HEARTBEAT_TIMEOUT,
                        timeoutMs,
                        TimeUnit.NANOSECONDS.toMillis(silentNs),
                        "nothing heard: heartbeatTimeoutMs=" + timeoutMs));
    }
}
