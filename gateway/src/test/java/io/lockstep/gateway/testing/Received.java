package io.lockstep.gateway.testing;

import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.WelcomeDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** One message from the node, its header first. */
public final class Received {
    private static final MessageHeaderDecoder HEADER = new MessageHeaderDecoder();

    private final byte[] bytes;
    private final UnsafeBuffer buffer;

    public Received(final byte[] bytes) {
        this.bytes = bytes.clone();
        this.buffer = new UnsafeBuffer(this.bytes);
    }

    public int templateId() {
        return HEADER.wrap(buffer, 0).templateId();
    }

    public int length() {
        return bytes.length;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public boolean isError() {
        return templateId() == ErrorDecoder.TEMPLATE_ID;
    }

    public boolean isDelivery() {
        return templateId() == DeliveryDecoder.TEMPLATE_ID;
    }

    public boolean isProgress() {
        return templateId() == ProgressDecoder.TEMPLATE_ID;
    }

    public boolean isSubscriptionChanged() {
        return templateId() == SubscriptionChangedDecoder.TEMPLATE_ID;
    }

    public ProgressDecoder progress() {
        return new ProgressDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public SubscriptionChangedDecoder subscriptionChanged() {
        return new SubscriptionChangedDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    /** Name, sequence and sessions of each. */
    public List<String> databases() {
        final List<String> databases = new ArrayList<>();
        for (final DatabaseListDecoder.DatabasesDecoder each : new DatabaseListDecoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder())
                .databases()) {
            final String numbers = " sequence=" + each.sequence() + " sessions=" + each.sessions();
            databases.add(each.name() + numbers);
        }
        return databases;
    }

    public boolean isResult() {
        return templateId() == SubmitResultDecoder.TEMPLATE_ID;
    }

    public boolean isHeartbeat() {
        return templateId() == HeartbeatDecoder.TEMPLATE_ID;
    }

    public ErrorDecoder error() {
        return new ErrorDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public ErrorCode errorCode() {
        return error().code();
    }

    public WelcomeDecoder welcome() {
        return new WelcomeDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public DatabaseOpenedDecoder opened() {
        return new DatabaseOpenedDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public SubmitResultDecoder result() {
        return new SubmitResultDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public SubscribedDecoder subscribed() {
        return new SubscribedDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public UnsubscribedDecoder unsubscribed() {
        return new UnsubscribedDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public DeliveryDecoder delivery() {
        return new DeliveryDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public ResetRequiredDecoder reset() {
        return new ResetRequiredDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public HeartbeatDecoder heartbeat() {
        return new HeartbeatDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    public TokenStatusDecoder tokenStatus() {
        return new TokenStatusDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    @Override
    public String toString() {
        return isError() ? "Error " + errorCode() + ": " + text() : "template " + templateId();
    }

    public String text() {
        return error().text();
    }
}
