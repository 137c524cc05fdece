package io.lockstep.gateway.session;

import io.lockstep.codec.ResetReason;
import io.lockstep.gateway.limits.GatewayCounter;

/** Says that the journal cannot serve a cursor, and ends its subscription. Thread of the transports. */
final class CursorRefusal {
    private CursorRefusal() {}

    static void historyDiffers(
            final SessionHub hub,
            final Session session,
            final long requestId,
            final long sequence,
            final CatchUpTicket ticket) {
        reset(
                hub,
                session,
                requestId,
                ResetReason.HISTORY_DIFFERS,
                ticket,
                "check at sequence " + sequence + ": cursor=" + SubscribeAdapter.hex(ticket.expectedCheck()) + ", node="
                        + SubscribeAdapter.hex(ticket.actualCheck()));
    }

    static void beyondRetention(
            final SessionHub hub,
            final Session session,
            final long requestId,
            final long sequence,
            final CatchUpTicket ticket) {
        reset(
                hub,
                session,
                requestId,
                ResetReason.BEYOND_RETENTION,
                ticket,
                "sequence: cursor=" + sequence + ", oldest=" + ticket.oldestSequence());
    }

    private static void reset(
            final SessionHub hub,
            final Session session,
            final long requestId,
            final ResetReason reason,
            final CatchUpTicket ticket,
            final String text) {
        hub.counters().increment(GatewayCounter.RESETS);
        hub.publisher()
                .resetRequired(session, requestId, reason, session.feed().committed(), ticket.oldestSequence(), text);
        session.streams().endSubscription();
    }
}
