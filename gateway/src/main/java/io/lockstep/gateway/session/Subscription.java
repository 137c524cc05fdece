package io.lockstep.gateway.session;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A session's stream of deliveries: where it stands, what it may be sent, and from where. {@link DatabaseFeed} says why
 * it has no gap and no repeat. Thread of the transports.
 */
final class Subscription {
    private static final int SITE_HIGH = MessageHeaderDecoder.ENCODED_LENGTH + DeliveryDecoder.siteEncodingOffset();
    private static final int SITE_LOW = SITE_HIGH + Long.BYTES;

    private final Session session;
    private final SessionHub hub;
    private final Wire wire;
    private final DatabaseFeed feed;
    private final CatchUpTicket ticket;
    private final boolean excludeOwn;
    private final long requestId;
    private final int outboundBytesMax;
    private boolean askingLater;

    private long creditBytes;
    private long delivered;
    private long shown;
    private long acknowledged;
    private long resumePosition;
    private int liveIndex = -1;
    private boolean started;
    private boolean ended;
    private boolean ticketOut;
    private boolean behind;

    Subscription(
            final Session session,
            final SessionHub hub,
            final DatabaseFeed feed,
            final long requestId,
            final long sequence,
            final long creditBytes,
            final boolean excludeOwn) {
        this.session = session;
        this.hub = hub;
        this.wire = session.wire();
        this.feed = feed;
        this.requestId = requestId;
        this.delivered = sequence;
        this.shown = sequence;
        this.acknowledged = sequence;
        this.creditBytes = creditBytes;
        this.excludeOwn = excludeOwn;
        this.ticket = new CatchUpTicket(this);
        this.outboundBytesMax = hub.outboundBytesMax();
        feed.subscribed();
    }

    /** Starts; with a check, only after the journal was asked. */
    void start(final boolean verified, final long check) {
        if (delivered == feed.committed() && !(verified && delivered > 0)) {
            begin();
            return;
        }
        behind(true);
        ticket.ask(feed.databaseId(), delivered + 1, 0, bytesWanted());
        if (verified && delivered > 0) {
            ticket.verify(check);
        }
        send();
    }

    private void begin() {
        started = true;
        hub.publisher().subscribed(session, requestId, delivered, feed.committed());
        pump();
    }

    /** The next slot of the database. Returns false if there is no room for it. */
    boolean onLive(final long sequence, final MutableDirectBuffer buffer, final int offset, final int length) {
        if (sequence <= delivered) {
            return true;
        }
        if (!deliver(sequence, buffer, offset, length)) {
            return false;
        }
        hub.counters().increment(GatewayCounter.DELIVERIES_LIVE);
        return true;
    }

    void onLeftLive() {
        behind(true);
    }

    /** There may be room again: sends what there is, and joins the live set when there is no more. */
    void pump() {
        if (!started || ended || ticketOut || liveIndex >= 0) {
            return;
        }
        final RecentDeliveries recent = feed.recent();
        while (delivered < feed.committed()) {
            final long next = delivered + 1;
            if (!recent.holds(next)) {
                if (hasRoom()) {
                    ticket.ask(feed.databaseId(), next, resumePosition, bytesWanted());
                    behind(true);
                    send();
                } else {
                    behind(true);
                }
                return;
            }
            if (!deliver(next, recent.buffer(), recent.offset(next), recent.length(next))) {
                behind(true);
                return;
            }
            hub.counters().increment(GatewayCounter.DELIVERIES_LIVE);
            resumePosition = 0;
        }
        behind(false);
        feed.join(this);
    }

    /** The errand is back. */
    void onTicket() {
        ticketOut = false;
        final CatchUpChunk chunk = ticket.chunk();
        if (!ended) {
            switch (ticket.result()) {
                case READ:
                    onRead(chunk);
                    break;
                case HISTORY_DIFFERS:
                    CursorRefusal.historyDiffers(hub, session, requestId, delivered, ticket);
                    break;
                case BEYOND_RETENTION:
                    CursorRefusal.beyondRetention(hub, session, requestId, delivered, ticket);
                    break;
                case FAILED:
                default:
                    session.onJournalFailed();
                    break;
            }
        }
        if (chunk != null) {
            hub.release(chunk);
        }
    }

    private void onRead(final CatchUpChunk chunk) {
        if (!started) {
            started = true;
            hub.publisher().subscribed(session, requestId, delivered, feed.committed());
        }
        resumePosition = ticket.nextPosition();
        for (int entry = 0; entry < chunk.limit(); entry = chunk.next(entry)) {
            final long sequence = chunk.sequence(entry);
            if (sequence <= delivered) {
                continue;
            }
            if (!deliver(sequence, chunk.buffer(), chunk.messageOffset(entry), chunk.messageLength(entry))) {
                resumePosition = chunk.position(entry);
                return;
            }
            hub.counters().increment(GatewayCounter.DELIVERIES_CATCH_UP);
        }
        if (chunk.limit() == 0 && delivered < feed.committed() && !ticket.more()) {
            // The reader does not see yet what egress has; asking again at once would spin.
            askLater();
        } else {
            pump();
        }
    }

    /** The entry is patched for this session where it lies, and copied once, by the wire. */
    private boolean deliver(final long sequence, final MutableDirectBuffer buffer, final int offset, final int length) {
        final boolean own = session.isOwnSite(
                buffer.getLong(offset + SITE_HIGH, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(offset + SITE_LOW, ByteOrder.LITTLE_ENDIAN));
        if (own && excludeOwn) {
            delivered = sequence;
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        DeliveryEncoder.setOwn(buffer, offset, own);
        DeliveryEncoder.setAfterSequence(buffer, offset, shown);
        send(buffer, offset, length);
        delivered = sequence;
        shown = sequence;
        return true;
    }

    private void send(final DirectBuffer buffer, final int offset, final int length) {
        creditBytes -= length + FrameDescriptor.HEADER_LENGTH;
        session.send(buffer, offset, length);
    }

    /**
     * Room for one more, which may pass the mark: otherwise a window below one delivery would stop for ever. When all
     * connections together hold too much, it waits a while: one change for many subscribers would take more memory than
     * there is, and each allocation that fails would hold up the thread that serves them all.
     */
    private boolean hasRoom() {
        if (creditBytes <= 0 || wire.pendingBytes() >= outboundBytesMax) {
            return false;
        }
        if (!hub.buffers().isOver(0)) {
            return true;
        }
        askLater();
        return false;
    }

    private void askLater() {
        if (!askingLater) {
            askingLater = true;
            hub.askLater(this);
        }
    }

    private int bytesWanted() {
        final long room = Math.min(creditBytes, outboundBytesMax - wire.pendingBytes());
        return (int) Math.max(1, Math.min(room, hub.limits().intValue(SessionLimit.CATCH_UP_CHUNK_BYTES)));
    }

    private void send() {
        if (hub.request(ticket)) {
            ticketOut = true;
        } else {
            askLater();
        }
    }

    /** A while has passed since {@link SessionHub#askLater}. */
    void askAgain() {
        askingLater = false;
        if (ended || ticketOut) {
            return;
        }
        if (started) {
            pump();
        } else {
            send();
        }
    }

    void grant(final long bytes) {
        creditBytes = creditBytes > 0 && bytes > Long.MAX_VALUE - creditBytes ? Long.MAX_VALUE : creditBytes + bytes;
        pump();
    }

    /** Returns false if it was never sent so far. */
    boolean acknowledge(final long sequence) {
        if (sequence > delivered) {
            return false;
        }
        acknowledged = Math.max(acknowledged, sequence);
        return true;
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        behind(false);
        feed.leave(this);
        feed.unsubscribed();
    }

    private void behind(final boolean nowBehind) {
        if (nowBehind != behind) {
            behind = nowBehind;
            hub.counters().add(GatewayCounter.CATCH_UP_SUBSCRIBERS, nowBehind ? 1 : -1);
        }
    }

    boolean isStarted() {
        return started;
    }

    /** The last sequence that the client was sent; what was left out after it still shows with the next one. */
    long shown() {
        return shown;
    }

    long delivered() {
        return delivered;
    }

    long acknowledged() {
        return acknowledged;
    }

    DatabaseFeed feed() {
        return feed;
    }

    int liveIndex() {
        return liveIndex;
    }

    void liveIndex(final int index) {
        liveIndex = index;
    }
}
