package io.lockstep.gateway.session;

import io.lockstep.codec.ResetReason;
import io.lockstep.gateway.limits.GatewayCounter;

/**
 * Why a cursor cannot be served. What is oldest here only the journal knows, so even a refusal that is plain without it goes
 * there and back.
 *
 * @param reason for the client
 * @param text for people: both values
 */
record CursorRefusal(ResetReason reason, String text) {
    static CursorRefusal historyDiffers(final long sequence, final long expectedCheck, final long actualCheck) {
        return new CursorRefusal(
                ResetReason.HISTORY_DIFFERS,
                "check at sequence " + sequence + ": cursor=" + SubscribeAdapter.hex(expectedCheck) + ", node="
                        + SubscribeAdapter.hex(actualCheck));
    }

    static CursorRefusal beyondRetention(final long sequence, final long oldestSequence) {
        return new CursorRefusal(
                ResetReason.BEYOND_RETENTION, "sequence: cursor=" + sequence + ", oldest=" + oldestSequence);
    }

    /** Tells the client, and ends its subscription. Thread of the transports. */
    void tell(final SessionHub hub, final Session session, final long requestId, final long oldestSequence) {
        final long committed = session.feed().committed();
        // With nothing left, the next one is what can be delivered first.
        final long oldest = oldestSequence == 0 ? committed + 1 : oldestSequence;
        hub.counters().increment(GatewayCounter.RESETS);
        hub.publisher().resetRequired(session, requestId, reason, committed, oldest, text);
        session.streams().endSubscription();
    }
}
