package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The answer to one ReadSnapshot: some pages, one after another, each asked for when there is room for it. Thread of the
 * transports.
 */
final class Bootstrap implements Retried {
    private final Session session;
    private final SessionHub hub;
    private final BootstrapTicket ticket;
    private int pagesLeft;
    private boolean ticketOut;
    private boolean askingLater;
    private boolean ended;

    Bootstrap(
            final Session session,
            final SessionHub hub,
            final long requestId,
            final int pages,
            final long pageBytesMax,
            final ChangeFilters filters,
            final byte[] checkpoint,
            final boolean takesParts) {
        this.session = session;
        this.hub = hub;
        pagesLeft = pages;
        ticket = new BootstrapTicket(
                this,
                requestId,
                session.databaseId(),
                pageBytesMax,
                filters,
                session.checkpointHolder(),
                checkpoint,
                takesParts);
    }

    boolean isDone() {
        return ended || pagesLeft == 0;
    }

    /** Asks for the next page if there is room for it. */
    void pump() {
        if (isDone() || ticketOut || session.wire().pendingBytes() >= hub.outboundBytesMax()) {
            return;
        }
        if (!hub.buffers().isFull() && hub.reader().request(ticket)) {
            ticketOut = true;
            hub.buffers().readTaken();
        } else if (!askingLater) {
            askingLater = true;
            hub.subscriptionParts().retries().add(this);
        }
    }

    @Override
    public void askAgain() {
        askingLater = false;
        pump();
    }

    /** The errand is back. */
    void onTicket() {
        ticketOut = false;
        hub.buffers().readsDone(1);
        final UnsafeBuffer page = ticket.page();
        if (!ended) {
            if (page == null) {
                pagesLeft = 0;
                session.refuse(ticket.requestId(), refusal());
            } else {
                pagesLeft = ticket.result() == BootstrapTicket.Result.LAST ? 0 : pagesLeft - 1;
                hub.counters().increment(GatewayCounter.SNAPSHOT_PAGES);
                session.send(page, 0, ticket.length());
            }
        }
        if (page != null) {
            hub.reader().release(page);
        }
        pump();
    }

    private Refusal refusal() {
        return switch (ticket.result()) {
            case NO_SNAPSHOT -> Refusal.of(ErrorCode.NO_SNAPSHOT, ticket.text());
            case TOO_LARGE ->
                Refusal.limit(ErrorCode.EFFECT_TOO_LARGE, hub.frameBytesMax(), ticket.tooLargeBytes(), ticket.text());
            default -> Refusal.of(ErrorCode.CHECKPOINT_REFUSED, ticket.text());
        };
    }

    /** Nobody waits for it any more; a ticket that is out comes back and is dropped. */
    void end() {
        ended = true;
    }
}
