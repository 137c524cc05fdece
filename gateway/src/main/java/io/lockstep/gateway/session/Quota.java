package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.limits.TokenBucket;
import io.lockstep.gateway.session.SessionPublisher.Refusal;

/**
 * Requests and bytes of them a second that all sessions of one database, or of one principal, may send together. While it
 * is in debt its sessions stand in line and are not read; whoever has waited too long is told when to come again. So one
 * that sends too much waits for itself, instead of being refused frame by frame at the cost of others. Uploads stand
 * in a line of their own, for as long as it takes: a refusal would only make them come again. One thread.
 */
final class Quota extends Line {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final SessionLimit bytesLimit;
    private final SessionLimit messagesLimit;
    private final long waitNsMax;
    private final TokenBucket bytes;
    private final TokenBucket messages;
    private final Line parts = new PartsLine();
    /** When what the last part of an upload took is made up for. */
    private long partPaidNs;

    private final class PartsLine extends Line {
        @Override
        boolean mayGoOn(final Waiter head, final long nowNs) {
            return !isInDebt(nowNs);
        }
    }

    Quota(
            final SessionLimits limits,
            final SessionLimit bytesLimit,
            final SessionLimit messagesLimit,
            final long nowNs) {
        this.bytesLimit = bytesLimit;
        this.messagesLimit = messagesLimit;
        waitNsMax = limits.value(SessionLimit.RATE_WAIT_MS) * NS_PER_MS;
        bytes = TokenBucket.of(limits.value(bytesLimit), nowNs);
        messages = TokenBucket.of(limits.value(messagesLimit), nowNs);
        partPaidNs = nowNs - waitNsMax;
    }

    /** Those who wait with what belongs to an upload. */
    Line parts() {
        return parts;
    }

    boolean isInDebt(final long nowNs) {
        return messages.waitNs(nowNs) > 0 || bytes.waitNs(nowNs) > 0;
    }

    void take(final int length) {
        messages.take(1);
        bytes.take(length);
    }

    /** The same for what belongs to an upload. */
    void takePart(final int length, final long nowNs) {
        take(length);
        partPaidNs = nowNs + Math.max(messages.waitNs(nowNs), bytes.waitNs(nowNs));
    }

    /** A part may cost more time than requests wait: who stands behind one has its turn next, and is not told to come again. */
    boolean hasWaitedTooLong(final Session session, final long nowNs) {
        return nowNs - session.rateWaitSinceNs() >= waitNsMax && nowNs - partPaidNs >= waitNsMax;
    }

    @Override
    boolean mayGoOn(final Waiter head, final long nowNs) {
        return !isInDebt(nowNs) || hasWaitedTooLong((Session) head, nowNs);
    }

    /** For one that has waited too long: what is over, and when those before it will have been served. */
    Refusal refuse(final int length, final long nowNs) {
        final boolean ofMessages = messages.waitNs(nowNs) >= bytes.waitNs(nowNs);
        final TokenBucket over = ofMessages ? messages : bytes;
        final int units = ofMessages ? 1 : length;
        final String name = (ofMessages ? messagesLimit : bytesLimit).label();
        final long actual = over.used() + units;
        final double aheadNs = (double) size() * units * NS_PER_SECOND / over.perSecond();
        final double waitMs = Math.ceil((over.waitNs(nowNs) + aheadNs) / NS_PER_MS);
        return Refusal.retry(
                ErrorCode.RATE_LIMITED,
                (int) Math.min(Integer.MAX_VALUE, waitMs),
                over.perSecond(),
                actual,
                name + "=" + over.perSecond() + ", actual=" + actual);
    }
}
