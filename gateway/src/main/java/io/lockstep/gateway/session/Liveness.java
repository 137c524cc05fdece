package io.lockstep.gateway.session;

/** When a session was last heard and last spoken to, and whether its client takes what it is sent. One thread. */
final class Liveness {
    private long heartbeatNs = Long.MAX_VALUE;
    private long lastHeardNs;
    private long lastSentNs;
    private long sentBytes;
    private long takenBytes;
    private long progressNs;

    Liveness(final long nowNs) {
        lastHeardNs = nowNs;
        lastSentNs = nowNs;
        progressNs = nowNs;
    }

    void heartbeatNs(final long intervalNs) {
        heartbeatNs = intervalNs;
    }

    long heartbeatNs() {
        return heartbeatNs;
    }

    void heard(final long nowNs) {
        lastHeardNs = nowNs;
    }

    void sent(final int bytes, final long nowNs) {
        lastSentNs = nowNs;
        sentBytes += bytes;
    }

    /** When to send one: after half of what was promised, so that one that is late is still in time. */
    long heartbeatInNs(final long nowNs) {
        return heartbeatNs / 2 - (nowNs - lastSentNs);
    }

    long silentNs(final long nowNs) {
        return nowNs - lastHeardNs;
    }

    /** For how long nothing was taken of what waits; 0 if nothing waits, or some of it was taken since the last call. */
    long stalledNs(final long pendingBytes, final long nowNs) {
        final long taken = sentBytes - pendingBytes;
        if (pendingBytes == 0 || taken != takenBytes) {
            takenBytes = taken;
            progressNs = nowNs;
        }
        return nowNs - progressNs;
    }
}
