package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import org.agrona.DirectBuffer;

/**
 * The core of the client, driven by its caller: nothing happens outside of {@link #poll}, which never blocks. One thread
 * calls everything but {@link #wakeup}. Between submit and result nothing is allocated.
 *
 * <p>Requests answer a request id of at least 0, or a negative {@link Refusal}. Results and errors come to the
 * {@link ClientListener} with that id. After a loss the client connects again by itself, opens the database again, sends
 * again exactly the change sets that were not answered, in the order of their ids, and subscribes again after the last
 * delivery.
 */
public final class LockstepClient implements AutoCloseable {
    /**
     * A client. The first poll starts to connect.
     *
     * @param context is concluded
     * @param listener gets what happens
     */
    public LockstepClient(final ClientContext context, final ClientListener listener) {
        context.conclude();
    }

    /**
     * One duty cycle: connects, reads, calls the listener, keeps time and sends what was gathered since.
     *
     * @return how much was done, 0 if nothing
     */
    public int poll() {
        return 0;
    }

    /**
     * Blocks until there is something to poll for: bytes from the node, a time-out that is due, or {@link #wakeup}.
     *
     * @param maxNs at most this long, nanoseconds
     */
    public void await(final long maxNs) {}

    /** Ends an {@link #await}. Any thread. */
    public void wakeup() {}

    /**
     * Binds the client to its database, now and after each reconnect.
     *
     * @param options which
     * @return request id, or a {@link Refusal}
     */
    public long openDatabase(final DatabaseOptions options) {
        return Refusal.CLOSED;
    }

    /**
     * Submits an encoded SubmitChangeSet. The bytes are copied; only the request id in them is replaced.
     *
     * @param message holds the message, see {@link io.lockstep.codec.message.ChangeSetWriter}
     * @param offset of its message header
     * @param length bytes, message header included
     * @return request id, or a {@link Refusal}
     */
    public long submit(final DirectBuffer message, final int offset, final int length) {
        return Refusal.CLOSED;
    }

    /**
     * Submits a change set.
     *
     * @param changeSet was encoded when it was built
     * @return request id, or a {@link Refusal}
     */
    public long submit(final ChangeSet changeSet) {
        return submit(changeSet, false);
    }

    /**
     * Submits a change set.
     *
     * @param changeSet was encoded when it was built
     * @param wantWinners whether the result shall carry what stands in the way of changes that did not apply
     * @return request id, or a {@link Refusal}
     */
    public long submit(final ChangeSet changeSet, final boolean wantWinners) {
        return Refusal.CLOSED;
    }

    /**
     * Asks for everything after a cursor, in order, for ever, across reconnects.
     *
     * @param cursor where to start; verified by the node if it can be
     * @param excludeOwn leaves out effects of the context's own sites
     * @return request id, or a {@link Refusal}
     */
    public long subscribe(final Cursor cursor, final boolean excludeOwn) {
        return Refusal.CLOSED;
    }

    /**
     * Ends the subscription.
     *
     * @return request id, or a {@link Refusal}
     */
    public long unsubscribe() {
        return Refusal.CLOSED;
    }

    /**
     * Tells the node that everything up to here is kept.
     *
     * @param sequence of a delivery
     * @return 0, or a {@link Refusal}
     */
    public long ackCursor(final long sequence) {
        return Refusal.CLOSED;
    }

    /**
     * Grants credit for deliveries that were handled; only where credit is not granted automatically.
     *
     * @param bytes what {@link ClientListener#onDelivery} was told
     */
    public void grantCredit(final long bytes) {}

    /**
     * Asks for a page of the live state.
     *
     * @param row 0 at first, then nextRow of the page before
     * @param pageBytesMax at most this much
     * @return request id, or a {@link Refusal}
     */
    public long readState(final long row, final int pageBytesMax) {
        return Refusal.CLOSED;
    }

    /**
     * Asks how the node is; needs no open database.
     *
     * @return request id, or a {@link Refusal}
     */
    public long readStatus() {
        return Refusal.CLOSED;
    }

    /**
     * Prunes the database.
     *
     * @param horizonMs tombstones set more than this before now go; at least 0
     * @return request id, or a {@link Refusal}
     */
    public long prune(final long horizonMs) {
        return Refusal.CLOSED;
    }

    /**
     * Replaces the session's token by another of the same principal.
     *
     * @param token the new one
     * @return request id, or a {@link Refusal}
     */
    public long refreshToken(final String token) {
        return Refusal.CLOSED;
    }

    /** Starts an orderly close: no more requests, everything in flight is answered, then the client is closed. */
    public void requestClose() {}

    /**
     * Whether the node has welcomed the client.
     *
     * @return true between welcome and loss
     */
    public boolean isConnected() {
        return false;
    }

    /**
     * Whether the database is open.
     *
     * @return true between its opening and loss
     */
    public boolean isOpen() {
        return false;
    }

    /**
     * Whether it is over.
     *
     * @return true for good
     */
    public boolean isClosed() {
        return true;
    }

    /**
     * Submissions that were not answered, sent or not.
     *
     * @return at least 0
     */
    public int pendingCount() {
        return 0;
    }

    /**
     * Where the subscription is.
     *
     * @return after the last delivery, null without subscription
     */
    public Cursor cursor() {
        return null;
    }

    /** Ends it at once: whatever is unanswered is reported with {@link ErrorCodes#CLIENT_CLOSED}. */
    @Override
    public void close() {}
}
