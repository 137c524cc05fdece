package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ReadSnapshotDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.gateway.auth.Permission;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/** Reads what asks for the state: a ReadState goes to the ring, a ReadSnapshot to the readers. Thread of the transports. */
final class StateAdapter {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ReadStateDecoder readState = new ReadStateDecoder();
    private final ReadSnapshotDecoder read = new ReadSnapshotDecoder();
    private final SessionHub hub;
    private final RequestGate gate;
    private final FilterGate filterGate;

    StateAdapter(final SessionHub hub, final RequestGate gate) {
        this.hub = hub;
        this.gate = gate;
        filterGate = new FilterGate(hub.limits());
    }

    Intake onReadState(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId =
                readState.wrapAndApplyHeader(buffer, offset, header).requestId();
        final Refusal refusal = refuseRead(session, buffer, offset, length);
        if (refusal != null) {
            return SessionAdapter.refuse(session, requestId, refusal);
        }
        return session.publish(CommandKind.READ_STATE, 0, buffer, offset, length);
    }

    Intake onReadSnapshot(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId = read.wrapAndApplyHeader(buffer, offset, header).requestId();
        final Refusal refusal = refuse(session, buffer, offset, length);
        if (refusal != null) {
            return SessionAdapter.refuse(session, requestId, refusal);
        }
        final int pages = Math.max(1, read.pages());
        final long pageBytesMax = read.pageBytesMax();
        for (final ReadSnapshotDecoder.FiltersDecoder filter : read.filters()) {
            filter.skipTable();
            filter.skipKeyPrefix();
        }
        final byte[] checkpoint = new byte[read.checkpointLength()];
        read.getCheckpoint(checkpoint, 0, checkpoint.length);
        final Bootstrap bootstrap = new Bootstrap(
                session,
                hub,
                requestId,
                pages,
                pageBytesMax,
                FilterGate.filters(session.feed(), buffer, offset),
                checkpoint,
                header.version() >= ReadStateDecoder.withinSinceVersion());
        session.streams().bootstrap(bootstrap);
        bootstrap.pump();
        return Intake.TAKEN;
    }

    private Refusal refuse(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        if (session.streams().isBootstrapping()) {
            return gate.busy("snapshotReadsInFlightMax", 1, 1);
        }
        return refuseRead(session, buffer, offset, length);
    }

    private Refusal refuseRead(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final Refusal tooLarge = filterGate.refuse(buffer, offset);
        return tooLarge == null ? gate.refuseRead(session, Permission.READ, length) : tooLarge;
    }
}
