package io.lockstep.codec.testing;

import io.lockstep.codec.ChangeSubscriptionDecoder;
import io.lockstep.codec.CloseDecoder;
import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.CreditGrantDecoder;
import io.lockstep.codec.CursorAckDecoder;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ReadDatabasesDecoder;
import io.lockstep.codec.ReadSnapshotDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.ReadStatusDecoder;
import io.lockstep.codec.RefreshTokenDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.UploadChangeSetDecoder;
import io.lockstep.codec.UploadPartDecoder;
import io.lockstep.codec.UploadStateDecoder;
import io.lockstep.codec.WelcomeDecoder;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads every field of a message with its generated decoder, as the oracle of the validator: what was accepted must come
 * through here without an exception, and end exactly where the message does. Not thread-safe.
 */
public final class GeneratedReader {
    private static final List<Class<?>> DECODERS = List.of(
            HelloDecoder.class,
            WelcomeDecoder.class,
            ErrorDecoder.class,
            OpenDatabaseDecoder.class,
            DatabaseOpenedDecoder.class,
            HeartbeatDecoder.class,
            CloseDecoder.class,
            ClosedDecoder.class,
            GoAwayDecoder.class,
            RefreshTokenDecoder.class,
            TokenStatusDecoder.class,
            SubmitChangeSetDecoder.class,
            SubmitResultDecoder.class,
            SubscribeDecoder.class,
            SubscribedDecoder.class,
            SubscriptionChangedDecoder.class,
            ProgressDecoder.class,
            ChangeSubscriptionDecoder.class,
            DeliveryDecoder.class,
            DeliveryPartDecoder.class,
            UploadChangeSetDecoder.class,
            UploadStateDecoder.class,
            UploadPartDecoder.class,
            CursorAckDecoder.class,
            CreditGrantDecoder.class,
            UnsubscribeDecoder.class,
            UnsubscribedDecoder.class,
            ResetRequiredDecoder.class,
            ReadStateDecoder.class,
            StatePageDecoder.class,
            ReadSnapshotDecoder.class,
            SnapshotPageDecoder.class,
            ReadStatusDecoder.class,
            StatusReportDecoder.class,
            PruneDecoder.class,
            PruneResultDecoder.class,
            ReadDatabasesDecoder.class,
            DatabaseListDecoder.class,
            JournalRecordDecoder.class);

    private final Map<Integer, Class<?>> byTemplate = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** A reader of all messages of the protocol and of journal records. */
    public GeneratedReader() {
        try {
            for (final Class<?> decoder : DECODERS) {
                byTemplate.put(decoder.getField("TEMPLATE_ID").getInt(null), decoder);
            }
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a whole message from a copy that ends where the message ends, so that a read beyond it fails.
     *
     * @param buffer holds the message
     * @param offset of its message header
     * @param length bytes
     * @return what it says, as text
     * @throws AssertionError if the decoder fails, or does not end at the end
     */
    public String read(final DirectBuffer buffer, final int offset, final int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, buffer, offset, length);
        header.wrap(copy, 0);
        final Class<?> type = byTemplate.get(header.templateId());
        try {
            final Object decoder = type.getConstructor().newInstance();
            final Method wrap =
                    type.getMethod("wrapAndApplyHeader", DirectBuffer.class, int.class, MessageHeaderDecoder.class);
            wrap.invoke(decoder, copy, 0, header);
            final StringBuilder text = new StringBuilder();
            type.getMethod("appendTo", StringBuilder.class).invoke(decoder, text);
            type.getMethod("sbeSkip").invoke(decoder);
            final int end = (int) type.getMethod("limit").invoke(decoder);
            if (end != length) {
                throw new AssertionError("decoder ends elsewhere: length=" + length + ", end=" + end);
            }
            return text.toString();
        } catch (final ReflectiveOperationException e) {
            throw new AssertionError("accepted, but " + type.getSimpleName() + " cannot read it", e);
        }
    }
}
