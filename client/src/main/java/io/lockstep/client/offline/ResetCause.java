package io.lockstep.client.offline;

import io.lockstep.codec.ResetReason;

/** Why the state has to be read anew. */
public enum ResetCause {
    /** There is nothing here yet. */
    FIRST_TIME,
    /** The application wants to see another part of the database. */
    FILTERS_CHANGED,
    /** The client was away for longer than the node keeps history. */
    BEYOND_RETENTION,
    /** The node has another journal than the one that was followed. */
    INCARNATION_DIFFERS,
    /** The node has less than what was received: it lost its end, or an older copy was put in its place. */
    AHEAD_OF_NODE,
    /** The node has something else where this client stands. */
    HISTORY_DIFFERS;

    static ResetCause of(final ResetReason reason) {
        return switch (reason) {
            case BEYOND_RETENTION -> BEYOND_RETENTION;
            case AHEAD_OF_NODE -> AHEAD_OF_NODE;
            case HISTORY_DIFFERS -> HISTORY_DIFFERS;
            default -> INCARNATION_DIFFERS;
        };
    }

    /** Whether sequences told before say nothing of the history that is followed from now on. */
    boolean isOtherHistory() {
        return this == INCARNATION_DIFFERS || this == AHEAD_OF_NODE || this == HISTORY_DIFFERS;
    }
}
