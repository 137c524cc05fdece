package io.lockstep.client.testing;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Site;
import io.lockstep.codec.ClosedEncoder;
import io.lockstep.codec.DatabaseOpenedEncoder;
import io.lockstep.codec.DeliveryEncoder;
import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorEncoder;
import io.lockstep.codec.GoAwayEncoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.NodeRole;
import io.lockstep.codec.PruneResultEncoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.StatusReportEncoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.SubscribedEncoder;
import io.lockstep.codec.UnsubscribedEncoder;
import io.lockstep.codec.WelcomeEncoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The node's end of one connection in a test: typed calls become frames, bytes are moved when somebody polls. */
public final class FakePeer {
    private static final int OFFSET = FrameDescriptor.HEADER_LENGTH;

    private final SocketChannel socket;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ByteArrayOutputStream inbound = new ByteArrayOutputStream();
    private final ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    private ByteBuffer outbound = ByteBuffer.allocate(0);
    private int writeBytesMax = Integer.MAX_VALUE;
    private boolean reading = true;
    private boolean closed;

    FakePeer(final SocketChannel socket) {
        this.socket = socket;
    }

    /** Writes at most so many bytes a poll. */
    public void writeBytesMax(final int bytes) {
        writeBytesMax = bytes;
    }

    /** Stops or goes on reading. */
    public void reading(final boolean read) {
        reading = read;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends the connection, without a word. */
    public void disconnect() {
        closed = true;
        try {
            socket.close();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void poll(final FakeNode.Script script) {
        if (closed) {
            return;
        }
        try {
            flush();
            read(script);
            if (!closed) {
                flush();
            }
        } catch (final IOException e) {
            disconnect();
        }
    }

    private void flush() throws IOException {
        if (outbound.hasRemaining()) {
            final int limit = outbound.limit();
            outbound.limit(Math.min(limit, outbound.position() + Math.min(writeBytesMax, outbound.remaining())));
            socket.write(outbound);
            outbound.limit(limit);
        }
    }

    private void read(final FakeNode.Script script) throws IOException {
        if (!reading) {
            return;
        }
        chunk.clear();
        final int read = socket.read(chunk);
        if (read < 0) {
            disconnect();
            return;
        }
        inbound.write(chunk.array(), 0, read);
        byte[] bytes = inbound.toByteArray();
        int at = 0;
        while (!closed && bytes.length - at >= OFFSET) {
            final UnsafeBuffer frame = new UnsafeBuffer(bytes, at, bytes.length - at);
            final int length = (int) FrameDescriptor.frameLength(frame, 0);
            if (length > bytes.length - at) {
                break;
            }
            script.onMessage(this, new Received(Arrays.copyOfRange(bytes, at + OFFSET, at + length)));
            at += length;
        }
        inbound.reset();
        inbound.write(bytes, at, bytes.length - at);
    }

    /** Sends bytes as they are. */
    public void sendRaw(final byte[] bytes) {
        final ByteBuffer joined = ByteBuffer.allocate(outbound.remaining() + bytes.length);
        joined.put(outbound).put(bytes).flip();
        outbound = joined;
    }

    private void send(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        FrameDescriptor.putHeader(buffer, 0, length);
        sendRaw(Arrays.copyOf(buffer.byteArray(), OFFSET + length));
    }

    /** A welcome with everything that tests vary. */
    public void welcome(final Site incarnation, final int inFlightMax, final int frameBytesMax, final int heartbeatMs) {
        final WelcomeEncoder encoder = new WelcomeEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .version(0)
                .role(NodeRole.SINGLE)
                .durability(Durability.JOURNALED)
                .sessionId(1)
                .serverTimeMs(1_700_000_000_000L)
                .epoch(1)
                .frameBytesMax(frameBytesMax)
                .changesMax(16_384)
                .inFlightMax(inFlightMax)
                .bytesPerSecondMax(0)
                .messagesPerSecondMax(0)
                .heartbeatMs(heartbeatMs)
                .heartbeatTimeoutMs(3L * heartbeatMs)
                .tokenExpiresMs(0);
        encoder.features().clear().winners(true);
        encoder.incarnation().high(incarnation.high()).low(incarnation.low());
        encoder.server("fake");
        send(encoder.encodedLength());
    }

    public void opened(final long requestId, final long sequence) {
        final DatabaseOpenedEncoder encoder = new DatabaseOpenedEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .databaseId(1)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(60_000)
                .sequence(sequence)
                .created((short) 1);
        send(encoder.encodedLength());
    }

    public void result(final long requestId, final SubmitStatus status, final long sequence, final byte[] outcomes) {
        final SubmitResultEncoder encoder = new SubmitResultEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .status(status)
                .reason(0)
                .sequence(status == SubmitStatus.ACCEPTED ? sequence : 0)
                .databaseSequence(sequence)
                .epoch(1)
                .limitValue(-1)
                .actualValue(-1)
                .change(-1);
        encoder.winnersCount(0);
        encoder.putMigrationOutcomes(new byte[0], 0, 0).putOutcomes(outcomes, 0, outcomes.length);
        send(encoder.encodedLength());
    }

    /** A set that met a limit at one of its changes. */
    public void tooLarge(final long requestId, final long limit, final long actual, final int change) {
        final SubmitResultEncoder encoder = new SubmitResultEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .status(SubmitStatus.REFUSED)
                .reason(ErrorCode.EFFECT_TOO_LARGE.value())
                .sequence(0)
                .databaseSequence(0)
                .epoch(1)
                .limitValue(limit)
                .actualValue(actual)
                .change(change);
        encoder.winnersCount(0);
        encoder.putMigrationOutcomes(new byte[0], 0, 0).putOutcomes(new byte[0], 0, 0);
        send(encoder.encodedLength());
    }

    public void error(final long requestId, final ErrorCode code, final long retryAfterMs, final String text) {
        final ErrorEncoder encoder = new ErrorEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .code(code)
                .retryAfterMs(retryAfterMs)
                .limitValue(7)
                .actualValue(8)
                .text(text);
        send(encoder.encodedLength());
    }

    public void heartbeat(final long nonce, final boolean reply) {
        final HeartbeatEncoder encoder = new HeartbeatEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header).nonce(nonce).reply((short) (reply ? 1 : 0));
        send(encoder.encodedLength());
    }

    public void closedMessage(final long requestId) {
        final ClosedEncoder encoder = new ClosedEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header).requestId(requestId);
        send(encoder.encodedLength());
    }

    public void goAway(final long afterMs, final long jitterMs, final String address) {
        final GoAwayEncoder encoder = new GoAwayEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .reconnectAfterMs(afterMs)
                .jitterMs(jitterMs)
                .address(address)
                .reason("test");
        send(encoder.encodedLength());
    }

    public void subscribed(
            final long requestId, final long sequence, final long databaseSequence, final Site incarnation) {
        final SubscribedEncoder encoder = new SubscribedEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .sequence(sequence)
                .databaseSequence(databaseSequence);
        encoder.incarnation().high(incarnation.high()).low(incarnation.low());
        send(encoder.encodedLength());
    }

    public void unsubscribed(final long requestId, final long sequence) {
        final UnsubscribedEncoder encoder = new UnsubscribedEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header).requestId(requestId).sequence(sequence);
        send(encoder.encodedLength());
    }

    public void resetRequired(final long requestId, final ResetReason reason, final Site incarnation) {
        final ResetRequiredEncoder encoder = new ResetRequiredEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .reason(reason)
                .sequence(9)
                .oldestSequence(5);
        encoder.incarnation().high(incarnation.high()).low(incarnation.low());
        encoder.text("test");
        send(encoder.encodedLength());
    }

    public void status(final long requestId) {
        final StatusReportEncoder encoder = new StatusReportEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header).requestId(requestId);
        final StatusReportEncoder.EntriesEncoder entries = encoder.entriesCount(2);
        entries.next().value(0).name("role").text("single");
        entries.next().value(42).name("sessions").text("");
        send(encoder.encodedLength());
    }

    public void pruned(final long requestId, final long pruned) {
        final PruneResultEncoder encoder = new PruneResultEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .requestId(requestId)
                .pruned(pruned)
                .databaseSequence(1);
        send(encoder.encodedLength());
    }

    /** A page that was encoded after {@link #bodyOffset}. */
    public void encoded(final ExpandableArrayBuffer message, final int length) {
        final byte[] bytes = new byte[OFFSET + length];
        message.getBytes(0, bytes, OFFSET, length);
        FrameDescriptor.putHeader(new UnsafeBuffer(bytes), 0, length);
        sendRaw(bytes);
    }

    public void delivery(final Delivery delivery) {
        final DeliveryEncoder encoder = new DeliveryEncoder();
        encoder.wrapAndApplyHeader(buffer, OFFSET, header)
                .sequence(delivery.sequence())
                .afterSequence(delivery.afterSequence())
                .check(delivery.check())
                .epoch(delivery.epoch())
                .stampedTimeMs(delivery.stampedTimeMs())
                .wall(delivery.clock().wall())
                .counter(delivery.clock().counter());
        encoder.site()
                .high(delivery.clock().site().high())
                .low(delivery.clock().site().low());
        encoder.flags().clear().own(delivery.own());
        final DeliveryEncoder.MigrationsEncoder migrations =
                encoder.migrationsCount(delivery.migrations().size());
        for (final Migration migration : delivery.migrations()) {
            migrations
                    .next()
                    .opSeq(Integer.toUnsignedLong(migration.opSeq()))
                    .kind(migration.kind())
                    .version(Integer.toUnsignedLong(migration.version()))
                    .schemaName(migration.schema())
                    .objectName(migration.object())
                    .fromObjectName(migration.fromObject())
                    .ddl(migration.ddl());
        }
        final DeliveryEncoder.ChangesEncoder changes =
                encoder.changesCount(delivery.changes().size());
        int survivorCount = 0;
        for (final Change change : delivery.changes()) {
            encode(changes.next(), change);
            survivorCount += change.survivors().size();
        }
        final DeliveryEncoder.SurvivorsEncoder survivors = encoder.survivorsCount(survivorCount);
        for (int i = 0; i < delivery.changes().size(); i++) {
            for (final String column : delivery.changes().get(i).survivors()) {
                survivors.next().change(i).columnName(column);
            }
        }
        send(encoder.encodedLength());
    }

    private static void encode(final DeliveryEncoder.ChangesEncoder encoder, final Change change) {
        final byte[] key = change.key().toBytes();
        final byte[] value = change.isDelete() ? new byte[0] : change.value().toBytes();
        encoder.opSeq(Integer.toUnsignedLong(change.opSeq()))
                .op(change.op())
                .flags()
                .clear();
        encoder.schemaName(change.schema())
                .tableName(change.table())
                .putKey(key, 0, key.length)
                .columnName(change.isDelete() ? "" : change.column())
                .putValue(value, 0, value.length)
                .putBefore(new byte[0], 0, 0);
    }
}
