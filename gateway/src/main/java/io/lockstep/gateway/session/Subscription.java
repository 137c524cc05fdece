package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.MutableDirectBuffer;

/**
 * A session's stream of deliveries: where it stands, what it may be sent, and from where. {@link DatabaseFeed} says why
 * it has no gap and no repeat. Thread of the transports.
 */
final class Subscription extends LivePlace implements Retried {
    /** After so many sequences from the journal that did not match, the client is told. */
    private static final int HIDDEN_MAX = 1_000;

    private static final String TOO_OLD = "a delivery in parts takes a client of version 1";

    private final Session session;
    private final SessionHub hub;
    private final Wire wire;
    private final DatabaseFeed feed;
    private final CatchUpTicket ticket;
    private final DeliverySender sender;
    private final boolean knowsProgress;
    private final long requestId;
    private final StreamPosition position;
    private boolean askingLater;

    private ChangeFilters filters;
    private long resumePosition;
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
            final boolean excludeOwn,
            final ChangeFilters filters,
            final boolean knowsProgress) {
        this.session = session;
        this.hub = hub;
        this.wire = session.wire();
        this.feed = feed;
        this.requestId = requestId;
        this.position = new StreamPosition(sequence);
        this.sender = new DeliverySender(this, session, hub, feed, position, excludeOwn, creditBytes);
        this.filters = filters;
        this.knowsProgress = knowsProgress;
        this.ticket = new CatchUpTicket(this);
        feed.subscribed();
        feed.index().acquire(filters);
        hub.subscriptionParts().sweep().add(this);
    }

    /** Starts; with a check or a refusal, which may be null, only after the journal was asked. */
    void start(final boolean verified, final long check, final CursorRefusal refusal) {
        final long delivered = position.sequence();
        if (refusal == null && delivered == feed.committed() && !(verified && delivered > 0)) {
            begin();
            return;
        }
        behind(true);
        ticket.ask(feed.databaseId(), delivered + 1, 0, sender.bytesWanted(), filters);
        if (verified && delivered > 0) {
            ticket.verify(check);
        }
        ticket.refuse(refusal);
        send();
    }

    private void begin() {
        started = true;
        hub.publisher().subscribed(session, requestId, position.sequence(), feed.committed());
        pump();
    }

    /** The next slot of the database. Returns false if there is no room for it. */
    boolean onLive(final long sequence, final MutableDirectBuffer buffer, final int offset, final int length) {
        if (sequence <= position.sequence()) {
            return true;
        }
        if (routed() != null) {
            position.passed(sequence - 1, feed.checkBefore());
        }
        if (!sender.deliver(sequence, buffer, offset, length, filters)) {
            return false;
        }
        hub.counters().increment(GatewayCounter.DELIVERIES_LIVE);
        return true;
    }

    /** The next slot of the database holds a large change set. */
    void onLargeSet(final long sequence) {
        if (routed() != null) {
            position.passed(sequence - 1, feed.checkBefore());
        }
        feed.leave(this);
        onLeftLive();
        pump();
    }

    void onLeftLive() {
        resumePosition = 0;
        behind(true);
    }

    /** There may be room again: sends what there is, and joins the live set when there is no more. */
    void pump() {
        if (!started || ended || ticketOut || isLive()) {
            return;
        }
        final RecentDeliveries recent = feed.recent();
        while (position.sequence() < feed.committed()) {
            final long next = position.sequence() + 1;
            if (!recent.holds(next)) {
                if (sender.hasRoom()) {
                    ticket.ask(feed.databaseId(), next, resumePosition, sender.bytesWanted(), filters);
                    ticket.partFrom(sender.partFrom());
                    behind(true);
                    send();
                } else {
                    behind(true);
                }
                return;
            }
            if (!sender.deliver(next, recent.buffer(), recent.offset(next), recent.length(next), filters)) {
                behind(true);
                return;
            }
            hub.counters().increment(GatewayCounter.DELIVERIES_LIVE);
            resumePosition = 0;
        }
        behind(false);
        feed.join(this);
        progress();
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
                case REFUSED:
                    ticket.refusal().tell(hub, session, requestId, ticket.oldestSequence());
                    break;
                case FAILED:
                default:
                    session.onJournalFailed();
                    break;
            }
        }
        if (chunk != null) {
            hub.reader().release(chunk);
        }
    }

    private void onRead(final CatchUpChunk chunk) {
        if (!started) {
            started = true;
            hub.publisher().subscribed(session, requestId, position.sequence(), feed.committed());
        }
        if (!ticket.filters().equals(filters)) {
            resumePosition = 0;
            pump();
            return;
        }
        resumePosition = ticket.nextPosition();
        for (int entry = 0; entry < chunk.limit(); entry = chunk.next(entry)) {
            final long sequence = chunk.sequence(entry);
            if (sequence <= position.sequence()) {
                continue;
            }
            position.passed(sequence - 1, chunk.checkBefore(entry));
            final int offset = chunk.messageOffset(entry);
            if (chunk.isPart(entry)) {
                if (!knowsProgress) {
                    session.end(-1, Refusal.of(ErrorCode.VERSION_UNSUPPORTED, TOO_OLD));
                    return;
                }
                if (!sender.deliverPart(sequence, chunk.buffer(), offset)) {
                    resumePosition = chunk.position(entry);
                    return;
                }
                continue;
            }
            if (!sender.deliver(sequence, chunk.buffer(), offset, chunk.messageLength(entry), ChangeFilters.ALL)) {
                resumePosition = chunk.position(entry);
                return;
            }
            hub.counters().increment(GatewayCounter.DELIVERIES_CATCH_UP);
        }
        final boolean moved = ticket.lastSequence() > position.sequence() || chunk.limit() > 0;
        position.passed(ticket.lastSequence(), ticket.lastCheck());
        if (position.hidden() >= HIDDEN_MAX) {
            progress();
        }
        if (!moved && position.sequence() < feed.committed() && !ticket.more()) {
            // The reader does not see yet what egress has; asking again at once would spin.
            askLater();
        } else {
            pump();
        }
    }

    /** Writes down where it is while nothing that is committed reaches it. */
    private void settle() {
        if (routed() != null) {
            position.passed(feed.committed(), feed.check());
        }
    }

    /** Tells how far nothing matched, if the client does not know. */
    boolean progress() {
        settle();
        if (!started || ended || !knowsProgress || position.hidden() == 0) {
            return false;
        }
        hub.publisher().progress(session, position.shownSequence(), position.sequence(), position.check());
        position.shown();
        return true;
    }

    /** Its turn to tell; not while the client has enough to read. */
    boolean tellProgress() {
        return wire.pendingBytes() == 0 && progress();
    }

    /** From here on others decide; the index has room for them. */
    void change(final long changeId, final ChangeFilters newFilters) {
        settle();
        feed.leave(this);
        feed.index().release(filters);
        filters = newFilters;
        sender.startPartsOver();
        feed.index().acquire(filters);
        progress();
        hub.publisher().subscriptionChanged(session, changeId, position.sequence());
        pump();
    }

    void askLater() {
        if (!askingLater) {
            askingLater = true;
            hub.subscriptionParts().retries().add(this);
        }
    }

    private void send() {
        if (hub.reader().request(ticket)) {
            ticketOut = true;
        } else {
            askLater();
        }
    }

    @Override
    public void askAgain() {
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
        sender.grant(bytes);
        pump();
    }

    /** Returns false if it was never sent so far. */
    boolean acknowledge(final long sequence) {
        if (sequence > delivered()) {
            return false;
        }
        position.acknowledge(sequence);
        return true;
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        ticket.unwanted();
        behind(false);
        feed.leave(this);
        feed.index().release(filters);
        hub.subscriptionParts().sweep().remove(this);
        feed.unsubscribed();
    }

    private void behind(final boolean nowBehind) {
        if (nowBehind != behind) {
            behind = nowBehind;
            hub.counters().add(GatewayCounter.CATCH_UP_SUBSCRIBERS, nowBehind ? 1 : -1);
        }
    }

    /** The last sequence that the client was sent; what was left out after it still shows with the next one. */
    long shown() {
        return position.shownSequence();
    }

    /** Sent or left out up to here. */
    long delivered() {
        settle();
        return position.sequence();
    }

    long acknowledged() {
        return position.acknowledged();
    }

    long stalledNs(final long nowNs) {
        settle();
        return position.stalledNs(feed.committed(), nowNs);
    }

    DatabaseFeed feed() {
        return feed;
    }

    ChangeFilters filters() {
        return filters;
    }
}
