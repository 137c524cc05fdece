package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.limits.TokenBucket;

/** What the sessions of one principal share. Thread of the transports. */
final class PrincipalAccount {
    private final TokenBucket bytes;
    private final TokenBucket messages;
    private int sessions;

    PrincipalAccount(final SessionLimits limits, final long nowNs) {
        this.bytes = new TokenBucket(limits.value(SessionLimit.PRINCIPAL_BYTES_PER_SECOND), nowNs);
        this.messages = new TokenBucket(limits.value(SessionLimit.PRINCIPAL_MESSAGES_PER_SECOND), nowNs);
    }

    boolean isIdle(final long nowNs) {
        return sessions == 0 && bytes.waitNs(nowNs) == 0 && messages.waitNs(nowNs) == 0;
    }

    TokenBucket bytes() {
        return bytes;
    }

    TokenBucket messages() {
        return messages;
    }

    int sessions() {
        return sessions;
    }

    void sessions(final int newSessions) {
        sessions = newSessions;
    }
}
