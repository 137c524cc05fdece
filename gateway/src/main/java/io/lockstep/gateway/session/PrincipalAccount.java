package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;

/** What the sessions of one principal share. Thread of the transports. */
final class PrincipalAccount {
    private final Quota quota;
    private int sessions;

    PrincipalAccount(final SessionLimits limits, final long nowNs) {
        quota = new Quota(
                limits, SessionLimit.PRINCIPAL_BYTES_PER_SECOND, SessionLimit.PRINCIPAL_MESSAGES_PER_SECOND, nowNs);
    }

    boolean isIdle(final long nowNs) {
        return sessions == 0 && !quota.isInDebt(nowNs);
    }

    Quota quota() {
        return quota;
    }

    int sessions() {
        return sessions;
    }

    void sessions(final int newSessions) {
        sessions = newSessions;
    }
}
