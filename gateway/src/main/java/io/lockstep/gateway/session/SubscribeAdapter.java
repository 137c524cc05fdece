package io.lockstep.gateway.session;

import io.lockstep.codec.ChangeSubscriptionDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Reads a Subscribe and checks its cursor as far as that takes no journal. Thread of the transports. */
final class SubscribeAdapter {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubscribeDecoder subscribe = new SubscribeDecoder();
    private final ChangeSubscriptionDecoder change = new ChangeSubscriptionDecoder();
    private final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    private final FilterGate gate;
    private final SessionHub hub;
    private final NodeIdentity identity;

    SubscribeAdapter(final SessionHub hub, final NodeIdentity identity) {
        this.hub = hub;
        this.identity = identity;
        gate = new FilterGate(hub.limits());
    }

    /** Both kinds start with it. */
    long requestId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /** Null when it was answered with a refusal. */
    Subscription onSubscribe(final Session session, final DirectBuffer buffer, final int offset) {
        subscribe.wrapAndApplyHeader(buffer, offset, header);
        final long requestId = subscribe.requestId();
        final long sequence = subscribe.sequence();
        final long creditBytes = subscribe.creditBytes();
        final DatabaseFeed feed = session.feed();
        if (sequence < 0 || creditBytes < 0) {
            session.refuse(
                    requestId,
                    Refusal.of(
                            ErrorCode.INVALID_CHANGE_SET,
                            "must be 0 or more: sequence=" + sequence + ", creditBytes=" + creditBytes));
            return null;
        }
        final ChangeFilters filters = FilterGate.filters(feed, buffer, offset);
        final Refusal ofFilters = gate.refuse(feed, filters);
        final Refusal tooMany = ofFilters == null
                ? hub.over(SessionLimit.SUBSCRIPTIONS_PER_DATABASE_MAX, feed.subscriptions() + 1)
                : ofFilters;
        if (tooMany != null) {
            session.refuse(requestId, tooMany);
            return null;
        }
        return new Subscription(
                session,
                hub,
                feed,
                requestId,
                sequence,
                creditBytes,
                subscribe.flags().excludeOwn(),
                filters,
                header.version() >= SubscribeDecoder.filtersDecoderSinceVersion());
    }

    /** Changes the filters of the subscription that there is. */
    void onChange(final Session session, final DirectBuffer buffer, final int offset) {
        final long changeId = change.wrapAndApplyHeader(buffer, offset, header).requestId();
        final Subscription subscription = session.streams().subscription();
        if (subscription == null) {
            session.refuse(changeId, Refusal.of(ErrorCode.NOT_SUBSCRIBED, "there is no subscription to change"));
            return;
        }
        final ChangeFilters filters = FilterGate.filters(session.feed(), buffer, offset);
        final Refusal refusal = gate.refuse(session.feed(), filters);
        if (refusal == null) {
            subscription.change(changeId, filters);
        } else {
            session.refuse(changeId, refusal);
        }
    }

    /** Null if the filters of a Subscribe, ChangeSubscription or ReadState are within their limits. */
    Refusal refuseFilters(final DirectBuffer buffer, final int offset) {
        return gate.refuse(buffer, offset);
    }

    /** Starts it, or has it told why its cursor cannot be served. */
    void start(final Subscription subscription, final DirectBuffer buffer, final int offset) {
        subscribe.wrapAndApplyHeader(buffer, offset, header);
        final boolean verified = subscribe.flags().verified();
        subscription.start(verified, subscribe.check(), refuse(verified, subscription.feed()));
    }

    /** As far as that takes no journal. */
    private CursorRefusal refuse(final boolean verified, final DatabaseFeed feed) {
        final long high = subscribe.incarnation().high();
        final long low = subscribe.incarnation().low();
        if (verified && (high != identity.incarnationHigh() || low != identity.incarnationLow())) {
            return new CursorRefusal(
                    ResetReason.INCARNATION_DIFFERS,
                    "incarnation: cursor=" + hex(high) + hex(low) + ", node=" + hex(identity.incarnationHigh())
                            + hex(identity.incarnationLow()));
        }
        final long sequence = subscribe.sequence();
        return sequence <= feed.committed()
                ? null
                : new CursorRefusal(
                        ResetReason.AHEAD_OF_NODE, "sequence: cursor=" + sequence + ", node=" + feed.committed());
    }

    static String hex(final long value) {
        final String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    Intake onUnsubscribe(final Session session, final DirectBuffer buffer, final int offset) {
        final long requestId =
                unsubscribe.wrapAndApplyHeader(buffer, offset, header).requestId();
        final Subscription subscription = session.streams().subscription();
        if (subscription != null) {
            subscription.progress();
        }
        session.streams().endSubscription();
        hub.publisher().unsubscribed(session, requestId, subscription == null ? 0 : subscription.shown());
        return Intake.TAKEN;
    }
}
