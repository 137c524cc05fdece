package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.PruneResultEncoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.IngressPort;
import org.agrona.concurrent.UnsafeBuffer;

/** One Prune of a session, asked of the ring part by part. Cold; thread of the transports. */
final class Prune implements Retried {
    private static final int BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH + Math.max(PruneEncoder.BLOCK_LENGTH, PruneResultEncoder.BLOCK_LENGTH);

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final IngressCommand envelope = new IngressCommand();
    private final PruneEncoder command = new PruneEncoder();
    private final PruneResultEncoder result = new PruneResultEncoder();
    private final Session session;
    private final SessionHub hub;
    private final IngressPort ingress;
    private final long requestId;
    private final long horizonMs;
    private final long askedAtMs;
    private long pruned;

    Prune(
            final Session session,
            final SessionHub hub,
            final IngressPort ingress,
            final long requestId,
            final long horizonMs) {
        this.session = session;
        this.hub = hub;
        this.ingress = ingress;
        this.requestId = requestId;
        this.horizonMs = Math.max(0, horizonMs);
        askedAtMs = ingress.stampedTimeMs();
    }

    /** A part was done. */
    void onPruned(final long more, final long databaseSequence) {
        pruned += more;
        if (more > 0) {
            session.countInFlight(CommandKind.PRUNE, 1); // not answered yet
            askAgain();
            return;
        }
        session.streams().prune(null);
        result.wrapAndApplyHeader(buffer, 0, header)
                .requestId(requestId)
                .pruned(pruned)
                .databaseSequence(databaseSequence);
        session.send(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + result.encodedLength());
    }

    @Override
    public void askAgain() {
        if (session.state() == SessionState.CLOSED) {
            return;
        }
        // Reaches as far as the first part did, however long it takes: with writers at work it would never end
        // otherwise.
        final long elapsedMs = ingress.stampedTimeMs() - askedAtMs;
        final long reachMs = horizonMs > Long.MAX_VALUE - elapsedMs ? Long.MAX_VALUE : horizonMs + elapsedMs;
        command.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).horizonMs(reachMs);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
        envelope.set(CommandKind.PRUNE, session.id(), session.grant().principalId(), session.databaseId(), 0, 0);
        if (ingress.tryPublish(envelope, buffer, 0, length)) {
            session.feed().turn().published();
        } else {
            hub.subscriptionParts().retries().add(this);
        }
    }
}
