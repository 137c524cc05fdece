package io.lockstep.client.wire;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;

/** What a node says of the subscription while there is one. Decoders are valid until the call returns. */
public interface SubscriptionListener {
    /**
     * Deliveries follow.
     *
     * @param subscribed from where
     * @throws ProtocolException if it may not come now
     */
    void onSubscribed(SubscribedDecoder subscribed) throws ProtocolException;

    /**
     * The effects of one sequence.
     *
     * @param delivery its effects
     * @param frameBytes what it costs of the credit
     * @throws ProtocolException if it does not follow the one before
     */
    void onDelivery(DeliveryDecoder delivery, int frameBytes) throws ProtocolException;

    /**
     * A part of a delivery that is too large for a frame; the whole follows with its last part, and costs nothing more.
     *
     * @param frameBytes what it costs of the credit
     */
    void onPart(int frameBytes);

    /**
     * Nothing matched up to a sequence.
     *
     * @param progress moves the cursor
     * @throws ProtocolException if it does not follow the delivery before
     */
    void onProgress(ProgressDecoder progress) throws ProtocolException;

    /**
     * Other filters hold.
     *
     * @param changed from where
     * @throws ProtocolException if nobody asked for it
     */
    void onSubscriptionChanged(SubscriptionChangedDecoder changed) throws ProtocolException;
}
