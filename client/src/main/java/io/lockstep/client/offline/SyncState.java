package io.lockstep.client.offline;

/** How an {@link OfflineDatabase} stands to the node. */
public enum SyncState {
    /** No connection; tried again by itself. */
    OFFLINE,
    /** The database is open at the node: what is in the outbox goes out. */
    CONNECTED,
    /** The state is read anew, see {@link OfflineListener#onReset}; what shows meanwhile is what was there before. */
    READING_STATE,
    /** Deliveries come that were missed. */
    CATCHING_UP,
    /** Everything that the node had when it was last asked is here. */
    LIVE,
    /** Local storage failed: nothing is taken until it is opened again. */
    FAILED,
    /** It was closed. */
    CLOSED
}
