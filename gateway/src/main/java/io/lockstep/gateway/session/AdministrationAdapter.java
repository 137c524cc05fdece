package io.lockstep.gateway.session;

import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseListEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ReadDatabasesDecoder;
import io.lockstep.codec.ReadStatusDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.gateway.auth.Permission;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** What those who look after a node ask, with the admin permission and without an open database. Cold; one thread. */
final class AdministrationAdapter {
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ReadStatusDecoder readStatus = new ReadStatusDecoder();
    private final ReadDatabasesDecoder readDatabases = new ReadDatabasesDecoder();
    private final DatabaseListDecoder listDecoder = new DatabaseListDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DatabaseListEncoder list = new DatabaseListEncoder();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
    private final SessionContext context;
    private final SessionHub hub;
    private final RequestGate gate;
    private final StatusPublisher statusPublisher;

    AdministrationAdapter(final SessionContext context, final SessionHub hub, final RequestGate gate) {
        this.context = context;
        this.hub = hub;
        this.gate = gate;
        statusPublisher = new StatusPublisher(context.frameLimits().frameBytesMax());
    }

    Intake onReadStatus(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId =
                readStatus.wrapAndApplyHeader(buffer, offset, headerDecoder).requestId();
        final boolean allowed = session.grant().allows(Permission.ADMIN);
        final Refusal refusal = allowed ? null : gate.refuse(session, Permission.ADMIN, length);
        if (refusal == null) {
            statusPublisher.publish(session, requestId, context.statusSource());
        } else {
            session.refuse(requestId, refusal);
        }
        return Intake.TAKEN;
    }

    Intake onReadDatabases(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId =
                readDatabases.wrapAndApplyHeader(buffer, offset, headerDecoder).requestId();
        final Refusal refusal = gate.refuseAdministration(session, length);
        if (refusal != null) {
            session.refuse(requestId, refusal);
            return Intake.TAKEN;
        }
        return session.publish(CommandKind.READ_DATABASES, 0, buffer, offset, length);
    }

    /** The ring's answer to ReadDatabases: sends what the token may open of it, with sessions. */
    void onDatabases(final Session session, final DirectBuffer buffer, final int offset) {
        listDecoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        list.wrapAndApplyHeader(scratch, 0, header)
                .requestId(listDecoder.requestId())
                .nextId(listDecoder.nextId());
        final List<Entry> entries = new ArrayList<>();
        for (final DatabaseListDecoder.DatabasesDecoder each : listDecoder.databases()) {
            final Entry entry = new Entry(
                    each.databaseId(), each.sequence(), each.cells(), each.bytes(), each.resident(), each.name());
            if (session.grant().covers(entry.name)) {
                entries.add(entry);
            }
        }
        final DatabaseListEncoder.DatabasesEncoder group = list.databasesCount(entries.size());
        for (final Entry entry : entries) {
            group.next()
                    .databaseId(entry.databaseId)
                    .sequence(entry.sequence)
                    .cells(entry.cells)
                    .bytes(entry.bytes)
                    .sessions(hub.sessionsOf((int) entry.databaseId))
                    .resident(entry.resident)
                    .name(entry.name);
        }
        session.send(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + list.encodedLength());
    }

    private record Entry(long databaseId, long sequence, long cells, long bytes, short resident, String name) {}
}
