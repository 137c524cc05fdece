package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.UploadChangeSetDecoder;
import io.lockstep.codec.UploadPartDecoder;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/** Reads the messages of uploads. One for all sessions. Thread of the transports. */
final class UploadAdapter {
    /** Most bytes of a part: copying it must not hold up the others. */
    static final int PART_BYTES_MAX = 64 << 10;

    /** After so many bytes the client is told how far it is. */
    private static final int STATE_BYTES = 1 << 20;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UploadChangeSetDecoder begin = new UploadChangeSetDecoder();
    private final UploadPartDecoder part = new UploadPartDecoder();
    private final SessionHub hub;
    private final RequestGate gate;

    UploadAdapter(final SessionHub hub, final RequestGate gate) {
        this.hub = hub;
        this.gate = gate;
    }

    Intake onUpload(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId = begin.wrapAndApplyHeader(buffer, offset, header).requestId();
        Refusal refusal = gate.refuseUpload(session, length);
        if (refusal == null) {
            final long siteHigh = begin.site().high();
            final long siteLow = begin.site().low();
            final Upload.Key key = new Upload.Key(
                    session.databaseId(),
                    session.grant().principalId(),
                    siteHigh,
                    siteLow,
                    begin.wall(),
                    begin.counter(),
                    (int) begin.totalBytes(),
                    (int) begin.crc());
            final boolean author = session.grant().mayWriteAs(siteHigh, siteLow);
            refusal = hub.uploads().awaitsOther(session, key)
                    ? gate.refuseSecondUpload()
                    : hub.uploads().begin(session, requestId, key, author ? IngressCommand.FLAG_SITE_AUTHORISED : 0);
        }
        if (refusal != null) {
            return refuse(session, requestId, refusal);
        }
        tell(session);
        return Intake.TAKEN;
    }

    Intake onPart(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId = part.wrapAndApplyHeader(buffer, offset, header).requestId();
        Refusal refusal = gate.refusePart(session, length);
        if (session.waiting() != Session.Waiting.QUOTA && session.streams().needsNoParts(requestId)) {
            return Intake.TAKEN;
        }
        if (refusal == null) {
            final int bytes = part.bytesLength();
            final int first = part.limit() + UploadPartDecoder.bytesHeaderLength();
            refusal = hub.uploads().part(session, requestId, part.partOffset(), buffer, first, bytes);
        }
        if (refusal != null) {
            return refuse(session, requestId, refusal);
        }
        final Upload upload = session.streams().upload();
        if (upload.isWhole()
                || upload.received() / STATE_BYTES != (upload.received() - part.bytesLength()) / STATE_BYTES) {
            tell(session);
        }
        return Intake.TAKEN;
    }

    /** That is its answer, unless it waits for a rate; what came of it stays for another UploadChangeSet. */
    private static Intake refuse(final Session session, final long requestId, final Refusal refusal) {
        final Intake intake = SessionAdapter.refuse(session, requestId, refusal);
        if (intake == Intake.TAKEN) {
            session.streams().uploadAnswered(requestId);
        }
        return intake;
    }

    private void tell(final Session session) {
        final Upload upload = session.streams().upload();
        hub.publisher().uploadState(session, upload.requestId(), upload.received());
    }
}
