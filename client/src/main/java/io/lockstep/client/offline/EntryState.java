package io.lockstep.client.offline;

/** Where a change set of the outbox is. */
public enum EntryState {
    /** It is to be sent, or was sent and not answered. */
    WAITING,
    /** The node settled it: what applied is in force, what did not gave way to a winner. It leaves the outbox by itself. */
    SETTLED,
    /**
     * The node can no longer judge some of its changes: tombstones that they would have had to be compared with were pruned.
     * It stays until the application stamps these changes anew, or drops them.
     */
    TOO_LATE,
    /** The node refused it for good, or its fate is unknown. It stays until the application sends it again, stamps it anew or drops it. */
    REFUSED
}
