package io.lockstep.client.testing;

import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A message that a fake node received; it was validated as a real node would. */
public final class Received {
    private final UnsafeBuffer message;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    Received(final byte[] bytes) {
        message = new UnsafeBuffer(bytes);
        header.wrap(message, 0);
        final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
        if (!validator.validateClientMessage(message, 0, bytes.length)) {
            throw new AssertionError("the client sent what a node refuses: " + validator.errorText());
        }
    }

    public int templateId() {
        return header.templateId();
    }

    /** Every request but the hello starts with its id. */
    public long requestId() {
        return message.getLong(MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    public SubmitChangeSetDecoder submit() {
        return new SubmitChangeSetDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    }

    public SubscribeDecoder subscribe() {
        return new SubscribeDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    }

    public ReadStateDecoder readState() {
        return new ReadStateDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    }

    public HeartbeatDecoder heartbeat() {
        return new HeartbeatDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    }

    public HelloDecoder hello() {
        return new HelloDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    }
}
