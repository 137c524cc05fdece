package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.wire.Connection;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import java.nio.ByteOrder;
import java.util.List;
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
    private static final int OUTBOUND_SLACK_BYTES = 64 * 1024;
    private static final int DATABASES_SINCE_VERSION = 1;
    private static final int TEMPLATE_ID_OFFSET = MessageHeaderEncoder.templateIdEncodingOffset();

    private final Connection connection;
    private final Conversation conversation;
    private final ClientSession session;

    /**
     * A client. The first poll starts to connect.
     *
     * @param context is concluded
     * @param listener gets what happens
     */
    public LockstepClient(final ClientContext context, final ClientListener listener) {
        this(context, context.automaticCredit(), listener);
    }

    LockstepClient(final ClientContext context, final boolean automaticCredit, final ClientListener listener) {
        context.conclude();
        final int outboundBytesMax = Math.max(context.frameBytesMax(), context.pendingBytesMax());
        connection = new Connection(outboundBytesMax + OUTBOUND_SLACK_BYTES);
        final MessagePublisher publisher = new MessagePublisher(connection.out());
        conversation = new Conversation(context, automaticCredit, publisher, listener);
        session = new ClientSession(context, connection, publisher, conversation, listener);
    }

    /**
     * One duty cycle: connects, reads, calls the listener, keeps time and sends what was gathered since.
     *
     * @return how much was done, 0 if nothing
     */
    public int poll() {
        return session.poll();
    }

    /**
     * Blocks until there is something to poll for: bytes from the node, a time-out that is due, or {@link #wakeup}.
     *
     * @param maxNs at most this long, nanoseconds
     */
    public void await(final long maxNs) {
        session.await(maxNs);
    }

    /** Ends an {@link #await}. Any thread. */
    public void wakeup() {
        connection.wakeup();
    }

    /**
     * Binds the client to its database, now and after each reconnect.
     *
     * @param options which
     * @return request id, or a {@link Refusal}
     */
    public long openDatabase(final DatabaseOptions options) {
        final long refusal = session.lastingRefusal();
        return refusal < 0 ? refusal : conversation.openDatabase(options);
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
        final int templateId = message.getShort(offset + TEMPLATE_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (templateId != SubmitChangeSetEncoder.TEMPLATE_ID) {
            throw new IllegalArgumentException("not a SubmitChangeSet: templateId=" + templateId);
        }
        final long refusal = session.submitRefusal();
        return refusal < 0 ? refusal : conversation.submissions().submit(message, offset, length);
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
        final long refusal = session.submitRefusal();
        return refusal < 0 ? refusal : conversation.submissions().submit(changeSet, wantWinners);
    }

    /**
     * Asks for everything after a cursor, in order, for ever, across reconnects.
     *
     * @param cursor where to start; verified by the node if it can be
     * @param excludeOwn leaves out effects of the context's own sites
     * @return request id, or a {@link Refusal}
     */
    public long subscribe(final Cursor cursor, final boolean excludeOwn) {
        return subscribe(cursor, excludeOwn, TableFilter.ALL);
    }

    /**
     * Asks for everything that matches after a cursor, in order, for ever, across reconnects. What did not match is told by
     * {@link ClientListener#onProgress}.
     *
     * @param cursor where to start; verified by the node if it can be
     * @param excludeOwn leaves out effects of the context's own sites
     * @param filters what matches; none for everything
     * @return request id, or a {@link Refusal}
     */
    public long subscribe(final Cursor cursor, final boolean excludeOwn, final List<TableFilter> filters) {
        final long refusal = session.lastingRefusal();
        return refusal < 0 ? refusal : conversation.subscribe(cursor, excludeOwn, filters);
    }

    /**
     * Changes the filters of the subscription, without starting over; one change at a time. Answered by
     * {@link ClientListener#onSubscriptionChanged}, also when the connection was lost meanwhile. Rows that start to match
     * are not sent for that: {@link BlockingClient#readState(List)} reads them.
     *
     * @param filters what matches; none for everything
     * @return request id, or a {@link Refusal}
     */
    public long changeFilters(final List<TableFilter> filters) {
        final long refusal = session.lastingRefusal();
        return refusal < 0 ? refusal : conversation.changeFilters(filters);
    }

    /**
     * Ends the subscription.
     *
     * @return request id, or a {@link Refusal}
     */
    public long unsubscribe() {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.unsubscribe();
    }

    /**
     * Tells the node that everything up to here is kept.
     *
     * @param sequence of a delivery
     * @return 0, or a {@link Refusal}
     */
    public long ackCursor(final long sequence) {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.ackCursor(sequence);
    }

    /**
     * Grants credit for deliveries that were handled; only where credit is not granted automatically.
     *
     * @param bytes what {@link ClientListener#onDelivery} was told
     */
    public void grantCredit(final long bytes) {
        conversation.subscription().grant(bytes);
    }

    /**
     * Asks for a page of the live state.
     *
     * @param row 0 at first, then nextRow of the page before
     * @param pageBytesMax at most this much
     * @return request id, or a {@link Refusal}
     */
    public long readState(final long row, final int pageBytesMax) {
        return readState(row, Checkpoint.START, pageBytesMax, TableFilter.ALL);
    }

    /**
     * Asks for a page of a part of the live state, perhaps from within a value that is too large for a page. A page may be empty
     * and not the last: the node looks at a bounded number of rows for each.
     *
     * @param row 0 at first, then nextRow of the page before
     * @param within {@link Checkpoint#START} at first, then within of the page before
     * @param pageBytesMax at most this much
     * @param filters what matches; none for everything
     * @return request id, or a {@link Refusal}; not allowed with filters where the node is of a version without them
     */
    public long readState(
            final long row, final Checkpoint within, final int pageBytesMax, final List<TableFilter> filters) {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.readState(row, within, pageBytesMax, filters);
    }

    /**
     * Asks for pages of the node's newest snapshot, which cost other clients nothing; one such request at a time. Refused by
     * the node with {@link io.lockstep.codec.ErrorCode#NO_SNAPSHOT} where none holds the database yet, and with
     * {@link io.lockstep.codec.ErrorCode#CHECKPOINT_REFUSED} where reading has to start over.
     *
     * @param pageBytesMax at most this much a page
     * @param pages at most so many, 1 to 65,534
     * @param filters what matches; none for everything
     * @param checkpoint where to go on
     * @return request id, or a {@link Refusal}; not allowed while another is unanswered
     */
    public long readSnapshot(
            final int pageBytesMax, final int pages, final List<TableFilter> filters, final Checkpoint checkpoint) {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.readSnapshot(pageBytesMax, pages, filters, checkpoint);
    }

    /**
     * Asks how the node is; needs no open database.
     *
     * @return request id, or a {@link Refusal}
     */
    public long readStatus() {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.readStatus();
    }

    /**
     * Asks which databases there are; needs no open database.
     *
     * @param firstId of this number and higher ones: 0 at first, then nextId of the list before
     * @return request id, or a {@link Refusal}; not allowed where the node is of a version that does not tell
     */
    public long readDatabases(final long firstId) {
        final long refusal = session.presentRefusal();
        if (refusal == 0 && session().version() < DATABASES_SINCE_VERSION) {
            return Refusal.NOT_ALLOWED;
        }
        return refusal < 0 ? refusal : conversation.readDatabases(firstId);
    }

    /**
     * Prunes the database.
     *
     * @param horizonMs tombstones set more than this before now go; at least 0
     * @return request id, or a {@link Refusal}
     */
    public long prune(final long horizonMs) {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.prune(horizonMs);
    }

    /**
     * Replaces the session's token by another of the same principal.
     *
     * @param token the new one
     * @return request id, or a {@link Refusal}
     */
    public long refreshToken(final String token) {
        final long refusal = session.presentRefusal();
        return refusal < 0 ? refusal : conversation.refreshToken(token);
    }

    /** Starts an orderly close: no more requests, everything in flight is answered, then the client is closed. */
    public void requestClose() {
        session.requestClose();
    }

    /**
     * Whether the node has welcomed the client.
     *
     * @return true between welcome and loss
     */
    public boolean isConnected() {
        return session.isConnected();
    }

    /**
     * Whether the database is open.
     *
     * @return true between its opening and loss
     */
    public boolean isOpen() {
        return session.isConnected() && conversation.isOpen();
    }

    /**
     * Whether it is over.
     *
     * @return true for good
     */
    public boolean isClosed() {
        return session.isClosed();
    }

    /**
     * Submissions that were not answered, sent or not.
     *
     * @return at least 0
     */
    public int pendingCount() {
        return conversation.pendingCount();
    }

    /**
     * Where the subscription is.
     *
     * @return after the last delivery, null without subscription
     */
    public Cursor cursor() {
        return conversation.subscription().cursor();
    }

    /**
     * What the node said in its last welcome.
     *
     * @return null before the first
     */
    public SessionInfo session() {
        return session.session();
    }

    /** Ends it at once: whatever is unanswered is reported with {@link ErrorCodes#CLIENT_CLOSED}. */
    @Override
    public void close() {
        session.close("closed");
    }
}
