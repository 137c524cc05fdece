package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.wire.FilterPublisher;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.ProtocolException;
import io.lockstep.client.wire.SubscriptionListener;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;
import java.util.List;

/** The one subscription of a client: its cursor and its credit, kept across connections. One thread. */
final class SubscriptionState implements SubscriptionListener {
    private static final long NONE = -1;

    private final MessagePublisher publisher;
    private final FilterPublisher filtered;
    private final ClientListener listener;
    private final boolean automaticCredit;
    private final int contextCreditBytes;
    private String database;
    private long requestId = NONE;
    private long unheardId = NONE;
    private boolean excludeOwn;
    private List<TableFilter> filters = TableFilter.ALL;
    private final FilterChange change = new FilterChange();
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

    SubscriptionState(
            final ClientContext context,
            final boolean automaticCredit,
            final MessagePublisher publisher,
            final ClientListener listener) {
        this.publisher = publisher;
        this.listener = listener;
        filtered = publisher.filtered();
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

    void begin(
            final long newRequestId,
            final Cursor cursor,
            final boolean newExcludeOwn,
            final List<TableFilter> newFilters) {
        requestId = newRequestId;
        filters = List.copyOf(newFilters);
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
        change.end(listener);
    }

    /** Ends, at {@link #tellUnheard}, what the node never heard of: an Unsubscribe would overtake its Subscribe. */
    void endUnheard(final long unsubscribeId) {
        unheardId = unsubscribeId;
    }

    boolean isEnding() {
        return unheardId != NONE;
    }

    int tellUnheard() {
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
        change.connectionLost();
    }

    /**
     * Wants other filters; one change at a time.
     *
     * @return its id, or a {@link Refusal}
     */
    long change(final long id, final List<TableFilter> newFilters) {
        if (!isActive() || isEnding() || change.isWanted()) {
            return Refusal.NOT_ALLOWED;
        }
        change.begin(id, List.copyOf(newFilters));
        return id;
    }

    /** Whether this was a change of filters, which then does not take place. */
    boolean isChangeRefused(final long id) {
        return change.isRefused(id);
    }

    /** Asks for deliveries, if that was not done on this connection; bytes that are still held count against the credit. */
    int request(final int frameBytesMax) {
        if (requestId == NONE || requested) {
            return 0;
        }
        filters = change.isWanted() ? change.bySubscribe() : filters;
        if (!filters.isEmpty() && !filtered.takesFilters()) {
            return refuseFilters();
        }
        creditWindow = Math.max(contextCreditBytes, 2L * frameBytesMax);
        final boolean verifiable = cursor().isVerifiable();
        requested = filtered.subscribe(
                requestId,
                sequence,
                verifiable ? incarnation : null,
                check,
                excludeOwn,
                filters,
                Math.max(0, creditWindow - heldBytes));
        return requested ? 1 : 0;
    }

    private int refuseFilters() {
        final long id = requestId;
        end();
        final String text = "the node is of a version without filters";
        listener.onError(id, ErrorCode.VERSION_UNSUPPORTED.value(), 0, -1, -1, text);
        return 1;
    }

    @Override
    public void onSubscribed(final SubscribedDecoder subscribed) throws ProtocolException {
        if (!requested || live || subscribed.requestId() != requestId || subscribed.sequence() != sequence) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "Subscribed: requestId=" + subscribed.requestId() + ", expected=" + requestId + ", sequence="
                            + subscribed.sequence() + ", expected=" + sequence);
        }
        final Site nodes = new Site(
                subscribed.incarnation().high(), subscribed.incarnation().low());
        if (incarnation != null && !incarnation.equals(nodes)) {
            final long id = requestId;
            final String text = "the node has another journal than the cursor: incarnation=" + incarnation;
            end();
            listener.onError(id, ErrorCodes.RESET_REQUIRED, 0, -1, -1, text);
            return;
        }
        incarnation = nodes;
        live = true;
        listener.onSubscribed(requestId, cursor(), subscribed.databaseSequence());
        change.subscribed(sequence, listener);
    }

    @Override
    public void onProgress(final ProgressDecoder progress) throws ProtocolException {
        if (!live || progress.afterSequence() != sequence) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "Progress out of order: cursorSequence=" + sequence + ", afterSequence="
                            + progress.afterSequence());
        }
        sequence = progress.sequence();
        check = progress.check();
        listener.onProgress(progress);
    }

    @Override
    public void onSubscriptionChanged(final SubscriptionChangedDecoder changed) throws ProtocolException {
        final List<TableFilter> inForce = change.answered(changed.requestId());
        if (inForce == null || changed.sequence() != sequence) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "SubscriptionChanged: requestId=" + changed.requestId() + ", sequence=" + changed.sequence()
                            + ", cursorSequence=" + sequence);
        }
        filters = inForce;
        listener.onSubscriptionChanged(changed.requestId(), changed.sequence());
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) throws ProtocolException {
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
        listener.onDelivery(delivery, frameBytes);
        if (automaticCredit && live) {
            toGrant += frameBytes;
        }
    }

    @Override
    public void onPart(final int frameBytes) {
        toGrant += live ? frameBytes : 0;
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
        int work = live ? change.pump(filtered) : 0;
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
