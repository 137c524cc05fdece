package io.lockstep.gateway.session;

import io.lockstep.codec.ClosedEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorEncoder;
import io.lockstep.codec.GoAwayEncoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ProgressEncoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredEncoder;
import io.lockstep.codec.SubscribedEncoder;
import io.lockstep.codec.SubscriptionChangedEncoder;
import io.lockstep.codec.TokenStatusEncoder;
import io.lockstep.codec.UnsubscribedEncoder;
import io.lockstep.codec.UploadStateEncoder;
import io.lockstep.codec.WelcomeEncoder;
import io.lockstep.gateway.limits.RefusalCounters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Typed calls in, messages to a session out, for what the gateway itself says. One for all sessions; one thread. */
final class SessionPublisher {
    private static final int TEXT_BYTES_MAX = 1_024;
    private static final int SCRATCH_BYTES = 4_096;

    private final NodeIdentity identity;
    private final RefusalCounters refusals;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SCRATCH_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final ErrorEncoder error = new ErrorEncoder();
    private final UploadStateEncoder uploadState = new UploadStateEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final ClosedEncoder closed = new ClosedEncoder();
    private final GoAwayEncoder goAway = new GoAwayEncoder();
    private final TokenStatusEncoder tokenStatus = new TokenStatusEncoder();
    private final SubscribedEncoder subscribed = new SubscribedEncoder();
    private final SubscriptionChangedEncoder subscriptionChanged = new SubscriptionChangedEncoder();
    private final ProgressEncoder progress = new ProgressEncoder();
    private final UnsubscribedEncoder unsubscribed = new UnsubscribedEncoder();
    private final ResetRequiredEncoder resetRequired = new ResetRequiredEncoder();

    SessionPublisher(final NodeIdentity identity, final RefusalCounters refusals) {
        this.identity = identity;
        this.refusals = refusals;
    }

    /** What Welcome says of one session; the rest is the node's. */
    record Terms(
            long sessionId,
            long serverTimeMs,
            boolean winners,
            int frameBytesMax,
            int changesMax,
            int inFlightMax,
            int heartbeatMs,
            int heartbeatTimeoutMs,
            long tokenExpiresMs,
            int uploadBytesMax) {}

    void welcome(
            final Session session,
            final int version,
            final Terms terms,
            final long bytesPerSecondMax,
            final long messagesPerSecondMax) {
        welcome.wrapAndApplyHeader(scratch, 0, header)
                .version(version)
                .role(identity.role())
                .durability(identity.durability())
                .sessionId(terms.sessionId())
                .serverTimeMs(terms.serverTimeMs())
                .epoch(identity.epoch().getAsLong())
                .frameBytesMax(terms.frameBytesMax())
                .changesMax(terms.changesMax())
                .inFlightMax(terms.inFlightMax())
                .bytesPerSecondMax(bytesPerSecondMax)
                .messagesPerSecondMax(messagesPerSecondMax)
                .heartbeatMs(terms.heartbeatMs())
                .heartbeatTimeoutMs(terms.heartbeatTimeoutMs())
                .tokenExpiresMs(terms.tokenExpiresMs())
                .uploadBytesMax(terms.uploadBytesMax())
                .uploadChangesMax(UploadExaminer.changesMax(terms.frameBytesMax()));
        welcome.features().clear().winners(terms.winners());
        welcome.incarnation().high(identity.incarnationHigh()).low(identity.incarnationLow());
        final byte[] server = bytes(identity.server());
        welcome.putServer(server, 0, server.length);
        send(session, welcome.encodedLength());
    }

    void uploadState(final Session session, final long requestId, final int receivedBytes) {
        uploadState
                .wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .receivedBytes(receivedBytes)
                .partBytesMax(UploadAdapter.PART_BYTES_MAX);
        send(session, uploadState.encodedLength());
    }

    void error(final Session session, final long requestId, final Refusal refusal) {
        refusals.onRefused(refusal.code());
        final byte[] text = bytes(refusal.text());
        error.wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .code(refusal.code())
                .retryAfterMs(refusal.retryAfterMs())
                .limitValue(refusal.limitValue())
                .actualValue(refusal.actualValue())
                .putText(text, 0, text.length);
        send(session, error.encodedLength());
    }

    void heartbeat(final Session session, final long nonce, final boolean reply) {
        heartbeat.wrapAndApplyHeader(scratch, 0, header).nonce(nonce).reply((short) (reply ? 1 : 0));
        send(session, heartbeat.encodedLength());
    }

    void closed(final Session session, final long requestId) {
        closed.wrapAndApplyHeader(scratch, 0, header).requestId(requestId);
        send(session, closed.encodedLength());
    }

    void goAway(final Session session, final long reconnectAfterMs, final String reason) {
        final long reconnect = Math.min(Math.max(reconnectAfterMs, 0), Integer.MAX_VALUE);
        final byte[] text = bytes(reason);
        goAway.wrapAndApplyHeader(scratch, 0, header)
                .reconnectAfterMs(reconnect)
                .jitterMs(reconnect)
                .putAddress(text, 0, 0)
                .putReason(text, 0, text.length);
        send(session, goAway.encodedLength());
    }

    void tokenStatus(final Session session, final long requestId, final long expiresMs) {
        tokenStatus.wrapAndApplyHeader(scratch, 0, header).requestId(requestId).expiresMs(expiresMs);
        send(session, tokenStatus.encodedLength());
    }

    void subscribed(final Session session, final long requestId, final long sequence, final long databaseSequence) {
        subscribed
                .wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .sequence(sequence)
                .databaseSequence(databaseSequence);
        subscribed.incarnation().high(identity.incarnationHigh()).low(identity.incarnationLow());
        send(session, subscribed.encodedLength());
    }

    void subscriptionChanged(final Session session, final long requestId, final long sequence) {
        subscriptionChanged
                .wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .sequence(sequence);
        send(session, subscriptionChanged.encodedLength());
    }

    void progress(final Session session, final long afterSequence, final long sequence, final long check) {
        progress.wrapAndApplyHeader(scratch, 0, header)
                .afterSequence(afterSequence)
                .sequence(sequence)
                .check(check)
                .skipped(sequence - afterSequence);
        send(session, progress.encodedLength());
    }

    void unsubscribed(final Session session, final long requestId, final long sequence) {
        unsubscribed.wrapAndApplyHeader(scratch, 0, header).requestId(requestId).sequence(sequence);
        send(session, unsubscribed.encodedLength());
    }

    void resetRequired(
            final Session session,
            final long requestId,
            final ResetReason reason,
            final long databaseSequence,
            final long oldestSequence,
            final String text) {
        final byte[] textBytes = bytes(text);
        resetRequired
                .wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .reason(reason)
                .sequence(databaseSequence)
                .oldestSequence(oldestSequence);
        resetRequired.incarnation().high(identity.incarnationHigh()).low(identity.incarnationLow());
        resetRequired.putText(textBytes, 0, textBytes.length);
        send(session, resetRequired.encodedLength());
    }

    /** Cut to what fits, at a character. */
    static byte[] bytes(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= TEXT_BYTES_MAX) {
            return bytes;
        }
        int end = TEXT_BYTES_MAX;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** The hot ones pass constants, so that nothing is made for them but the encoding of the text. */
    record Refusal(ErrorCode code, int retryAfterMs, long limitValue, long actualValue, String text) {
        static Refusal of(final ErrorCode code, final String text) {
            return new Refusal(code, 0, -1, -1, text);
        }

        static Refusal limit(final ErrorCode code, final long limitValue, final long actualValue, final String text) {
            return new Refusal(code, 0, limitValue, actualValue, text);
        }

        static Refusal retry(
                final ErrorCode code,
                final int retryAfterMs,
                final long limitValue,
                final long actualValue,
                final String text) {
            return new Refusal(code, retryAfterMs, limitValue, actualValue, text);
        }
    }

    private void send(final Session session, final int bodyLength) {
        session.send(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }
}
