package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.codec.ResetReason;

/** What happens to a subscription of a {@link BlockingClient}; called by a thread of its own, one call at a time. */
public interface DeliveryListener {
    /**
     * The effects of one sequence; sequences come in order, each once. May block: the node waits.
     *
     * @param delivery its effects
     */
    void onDelivery(Delivery delivery);

    /**
     * Nothing up to a sequence matched the filters: the cursor has moved.
     *
     * @param progress from where, and how far
     */
    default void onProgress(final Progress progress) {}

    /**
     * Deliveries follow; also after each reconnect.
     *
     * @param cursor where they start, with the incarnation
     * @param databaseSequence the committed sequence now
     */
    default void onSubscribed(final Cursor cursor, final long databaseSequence) {}

    /**
     * The cursor cannot be served; the subscription is over.
     *
     * @param reason why
     * @param text for people
     */
    default void onResetRequired(final ResetReason reason, final String text) {}

    /**
     * The subscription is over for another reason: it was refused, or the client closed.
     *
     * @param cause why
     */
    default void onFailed(final ClientException cause) {}
}
