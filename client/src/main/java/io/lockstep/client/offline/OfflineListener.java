package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.store.StoreException;

/**
 * What happens to an {@link OfflineDatabase}. All calls come on the database's own thread, one at a time, and should return
 * soon: nothing is sent or received meanwhile. A callback may read, write, drop, resend and stamp anew, but neither close nor
 * wait. What a callback throws goes to the thread's handler of uncaught exceptions and stops nothing. Every method does
 * nothing by default.
 */
public interface OfflineListener {
    /**
     * The node settled a change set, some of its changes perhaps in favour of others: the outcome says so for each, and
     * names the winners. Told at least once, also after a restart: until this has returned.
     *
     * @param entry settled
     */
    default void onSettled(final OutboxEntry entry) {}

    /**
     * A change set waits for the application's decision: it is too late, or refused. Told at least once, also after a
     * restart; {@link OfflineDatabase#outbox} has it until it was decided.
     *
     * @param entry too late or refused
     */
    default void onUndecided(final OutboxEntry entry) {}

    /**
     * The node takes a change set later: its clock is too far ahead, or there is no room. Those behind it may wait, too.
     *
     * @param entry goes out again by itself
     * @param why for people
     */
    default void onHeldUp(final OutboxEntry entry, final String why) {}

    /**
     * Effects were applied; they show. Not told again after a restart.
     *
     * @param delivery one sequence
     */
    default void onApplied(final Delivery delivery) {}

    /**
     * The state is read anew. What shows stays as it was until {@link #onStateRead}; the outbox stays.
     *
     * @param cause why
     * @param text for people
     */
    default void onReset(final ResetCause cause, final String text) {}

    /**
     * A part of the state was read; now and then, and only where the node has a snapshot to read it from. It may go back when
     * reading starts over.
     *
     * @param bytesRead of the snapshot
     * @param bytesTotal what it holds of the database
     */
    default void onStateProgress(final long bytesRead, final long bytesTotal) {}

    /**
     * The state was read anew, and shows: anything may have changed.
     *
     * @param cursor what it shows
     * @param cells live cells
     */
    default void onStateRead(final Cursor cursor, final long cells) {}

    /**
     * It stands to the node in another way.
     *
     * @param state from now on
     * @param reason for people, may be empty
     */
    default void onSyncState(final SyncState state, final String reason) {}

    /**
     * The node refused to open or to deliver the database, or its state could not be read; tried again by itself.
     *
     * @param code see {@link io.lockstep.client.ErrorCodes}
     * @param text for people
     */
    default void onRefused(final int code, final String text) {}

    /**
     * Local storage did not take what the node sent. FULL: tried again by itself. FAILED: it is over until it is opened
     * again.
     *
     * @param cause why
     */
    default void onStorageFailed(final StoreException cause) {}
}
