package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.gateway.auth.Permission;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/**
 * Reads a Prune. Arbitration removes a bounded number of tombstones at once, so a Prune is asked again until there is nothing
 * left for it, and answered once. Thread of the transports.
 */
final class PruneAdapter {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PruneDecoder prune = new PruneDecoder();
    private final PruneResultDecoder result = new PruneResultDecoder();
    private final SessionHub hub;
    private final SessionContext context;
    private final RequestGate gate;

    PruneAdapter(final SessionContext context, final SessionHub hub, final RequestGate gate) {
        this.context = context;
        this.hub = hub;
        this.gate = gate;
    }

    Intake onPrune(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId = prune.wrapAndApplyHeader(buffer, offset, header).requestId();
        final long horizonMs = prune.horizonMs();
        Refusal refusal = gate.refuseWrite(session, Permission.ADMIN, length);
        refusal = refusal == null && session.readsInFlight() > 0
                ? gate.refuseRead(session, Permission.ADMIN, 0)
                : refusal;
        if (refusal == null && session.streams().prune() != null) {
            refusal = gate.busy("prunesInFlightMax", 1, 2);
        }
        if (refusal != null) {
            return SessionAdapter.refuse(session, requestId, refusal);
        }
        session.streams().prune(new Prune(session, hub, context.ingress(), requestId, horizonMs));
        return session.publish(CommandKind.PRUNE, 0, buffer, offset, length);
    }

    /** The ring's answer to a part of it: the next part, or the answer to the whole. */
    void onAnswer(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final Prune asked = session.streams().prune();
        header.wrap(buffer, offset);
        if (asked == null || header.templateId() != PruneResultDecoder.TEMPLATE_ID) {
            session.streams().prune(null);
            session.send(buffer, offset, length);
            return;
        }
        result.wrapAndApplyHeader(buffer, offset, header);
        asked.onPruned(result.pruned(), result.databaseSequence());
    }
}
