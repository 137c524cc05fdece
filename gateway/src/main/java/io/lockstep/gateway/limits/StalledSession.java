package io.lockstep.gateway.limits;

/**
 * A subscriber that does not move although there is more for it: it takes nothing, or grants no credit. Immutable.
 *
 * @param principal who it is
 * @param database what it follows
 * @param sessionId the node's number for it, as in the log
 * @param behind sequences that wait for it
 * @param stalledMs for how long it has not moved, milliseconds
 * @param pendingBytes bytes that it has not taken
 */
public record StalledSession(
        String principal, String database, long sessionId, long behind, long stalledMs, long pendingBytes) {
    @Override
    public String toString() {
        return "principal=" + principal + ", database=" + database + ", sessionId=" + sessionId + ", behind=" + behind
                + ", stalledMs=" + stalledMs + ", pendingBytes=" + pendingBytes;
    }
}
