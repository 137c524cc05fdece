package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Site;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.ProtocolException;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubscribedDecoder;

/** The one subscription of a client: its cursor and its credit, kept across connections. One thread. */
final class SubscriptionState {
    private static final long NONE = -1;

    private final MessagePublisher publisher;
    private final boolean automaticCredit;
    private final int contextCreditBytes;
    private String database;
    private long requestId = NONE;
    private long unheardId = NONE;
    private boolean excludeOwn;
    private boolean requested;
    private boolean live;
    private Site incarnation;
    private long sequence;
    private long check;
    private long creditWindow;
    private long toGrant;
    private long heldBytes;
    private long ackSequence;
    private boolean ackDue;

    SubscriptionState(final ClientContext context, final boolean automaticCredit, final MessagePublisher publisher) {
        this.publisher = publisher;
        this.automaticCredit = automaticCredit;
        contextCreditBytes = context.creditBytes();
    }

    boolean isActive() {
        return requestId != NONE;
    }

    /** Whether the node was asked on this connection. */
    boolean isRequested() {
        return requested;
    }

    long requestId() {
        return requestId;
    }

    void begin(final long newRequestId, final Cursor cursor, final boolean newExcludeOwn) {
        requestId = newRequestId;
        database = cursor.database();
        incarnation = cursor.incarnation();
        sequence = cursor.sequence();
        check = cursor.check();
        excludeOwn = newExcludeOwn;
        requested = false;
        live = false;
    }

    void end() {
        requestId = NONE;
        requested = false;
        live = false;
        toGrant = 0;
        ackDue = false;
    }

    /** Ends, at {@link #tellUnheard}, what the node never heard of: an Unsubscribe would overtake its Subscribe. */
    void endUnheard(final long unsubscribeId) {
        unheardId = unsubscribeId;
    }

    boolean isEnding() {
        return unheardId != NONE;
    }

    int tellUnheard(final ClientListener listener) {
        if (unheardId == NONE) {
            return 0;
        }
        final long id = unheardId;
        unheardId = NONE;
        end();
        listener.onUnsubscribed(id, sequence);
        return 1;
    }

    void connectionLost() {
        requested = false;
        live = false;
        toGrant = 0;
        ackDue = false;
    }

    /** Asks for deliveries, if that was not done on this connection; bytes that are still held count against the credit. */
    int request(final int frameBytesMax) {
        if (requestId == NONE || requested) {
            return 0;
        }
        creditWindow = Math.max(contextCreditBytes, 2L * frameBytesMax);
        final boolean verifiable = cursor().isVerifiable();
        requested = publisher.subscribe(
                requestId,
                sequence,
                verifiable ? incarnation : null,
                check,
                excludeOwn,
                Math.max(0, creditWindow - heldBytes));
        return requested ? 1 : 0;
    }

    /**
     * Deliveries follow.
     *
     * @return false if the journal is another than that of the cursor
     * @throws ProtocolException if they start elsewhere
     */
    boolean onSubscribed(final SubscribedDecoder subscribed) throws ProtocolException {
        if (!requested || live || subscribed.requestId() != requestId || subscribed.sequence() != sequence) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "Subscribed: requestId=" + subscribed.requestId() + ", expected=" + requestId + ", sequence="
                            + subscribed.sequence() + ", expected=" + sequence);
        }
        final Site nodes = new Site(
                subscribed.incarnation().high(), subscribed.incarnation().low());
        if (incarnation != null && !incarnation.equals(nodes)) {
            return false;
        }
        incarnation = nodes;
        live = true;
        return true;
    }

    /** Moves the cursor. */
    void onDelivery(final DeliveryDecoder delivery, final int frameBytes) throws ProtocolException {
        final long next = delivery.sequence();
        if (!live || delivery.afterSequence() != sequence || next <= sequence) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "Delivery out of order: cursorSequence=" + sequence + ", afterSequence=" + delivery.afterSequence()
                            + ", sequence=" + next);
        }
        sequence = next;
        check = delivery.check();
        heldBytes += automaticCredit ? 0 : frameBytes;
    }

    void onHandled(final int frameBytes) {
        if (automaticCredit && live) {
            toGrant += frameBytes;
        }
    }

    void grant(final long bytes) {
        final long granted = Math.min(bytes, heldBytes);
        if (granted > 0) {
            heldBytes -= granted;
            toGrant += requested ? granted : 0;
        }
    }

    void ack(final long newAckSequence) {
        ackSequence = newAckSequence;
        ackDue = live;
    }

    /** Sends what is due: credit once it is worth a message, and the acknowledgement. */
    int pump() {
        int work = 0;
        if (live && toGrant >= creditWindow / 4 && publisher.creditGrant(toGrant)) {
            toGrant = 0;
            work++;
        }
        if (ackDue && publisher.cursorAck(ackSequence)) {
            ackDue = false;
            work++;
        }
        return work;
    }

    Cursor cursor() {
        return requestId == NONE ? null : new Cursor(database, incarnation, sequence, check);
    }
}
