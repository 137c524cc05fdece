package io.lockstep.node.acceptance;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.HelloEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Whole frames of a client that costs next to nothing. Stateless. */
final class RawFrames {
    private static final int HEADER = FrameDescriptor.HEADER_LENGTH;
    private static final int BODY = HEADER + MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int FIRST_COUNTER = 1;

    private RawFrames() {}

    static byte[] hello(final long heartbeatMs) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, HEADER, new MessageHeaderEncoder());
        hello.versionMin(HelloEncoder.SCHEMA_VERSION)
                .versionMax(HelloEncoder.SCHEMA_VERSION)
                .heartbeatMs(heartbeatMs);
        hello.features().clear();
        hello.sitesCount(0);
        hello.client("light").token("");
        return frame(buffer, hello.encodedLength());
    }

    static byte[] open(final String database) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final OpenDatabaseEncoder open =
                new OpenDatabaseEncoder().wrapAndApplyHeader(buffer, HEADER, new MessageHeaderEncoder());
        open.requestId(0)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0);
        open.flags().clear().create(true);
        open.name(database);
        return frame(buffer, open.encodedLength());
    }

    /** Everything from the beginning, with credit that never ends. */
    static byte[] subscribe() {
        return subscribe("");
    }

    /** As much of the tables that a glob matches; of all, if it is empty. */
    static byte[] subscribe(final String glob) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final SubscribeEncoder subscribe =
                new SubscribeEncoder().wrapAndApplyHeader(buffer, HEADER, new MessageHeaderEncoder());
        subscribe.requestId(1).sequence(0).check(0).creditBytes(Long.MAX_VALUE);
        subscribe.flags().clear();
        subscribe.incarnation().high(0).low(0);
        final SubscribeEncoder.FiltersEncoder filters = subscribe.filtersCount(glob.isEmpty() ? 0 : 1);
        if (!glob.isEmpty()) {
            filters.next().table(glob).putKeyPrefix(new byte[0], 0, 0);
        }
        return frame(buffer, subscribe.encodedLength());
    }

    static byte[] heartbeat(final long nonce, final boolean reply) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final HeartbeatEncoder heartbeat =
                new HeartbeatEncoder().wrapAndApplyHeader(buffer, HEADER, new MessageHeaderEncoder());
        heartbeat.nonce(nonce).reply((short) (reply ? 1 : 0));
        return frame(buffer, heartbeat.encodedLength());
    }

    /** One write to one cell; {@link #patch} makes others of it. */
    static byte[] submit(final long site, final long row) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
        final ChangeSetWriter writer = new ChangeSetWriter().wrap(buffer, HEADER);
        writer.header(0, 0, site, 0, FIRST_COUNTER, false, 0, 1);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[1 + Long.BYTES]);
        key.putByte(0, (byte) ValueType.INTEGER);
        key.putLong(1, row, ByteOrder.LITTLE_ENDIAN);
        writer.beginChange(0, ChangeOp.WRITE, false)
                .schemaName("main".getBytes(StandardCharsets.US_ASCII))
                .tableName("t".getBytes(StandardCharsets.US_ASCII));
        writer.key(key.byteArray());
        writer.columnName("c".getBytes(StandardCharsets.US_ASCII));
        writer.value(key, 0, key.capacity());
        writer.before(new byte[0]);
        FrameDescriptor.putHeader(buffer, 0, writer.length());
        return Arrays.copyOf(buffer.byteArray(), HEADER + writer.length());
    }

    /** Puts another request and another clock into a change set. */
    static void patch(final byte[] submit, final long requestId, final long wallMs) {
        final ByteBuffer bytes = ByteBuffer.wrap(submit).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(BODY + SubmitChangeSetEncoder.requestIdEncodingOffset(), requestId);
        bytes.putLong(BODY + SubmitChangeSetEncoder.wallEncodingOffset(), wallMs);
    }

    /** Length of the frame at the buffer's position, header included; -1 while it is not whole. */
    static int wholeFrame(final ByteBuffer received) {
        if (received.remaining() < BODY) {
            return -1;
        }
        final int length = received.order(ByteOrder.BIG_ENDIAN).getInt(received.position());
        return received.remaining() < length ? -1 : length;
    }

    static int templateId(final ByteBuffer frame) {
        return frame.order(ByteOrder.LITTLE_ENDIAN).getShort(frame.position() + HEADER + Short.BYTES) & 0xFFFF;
    }

    private static byte[] frame(final ExpandableArrayBuffer buffer, final int bodyLength) {
        final int messageLength = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        FrameDescriptor.putHeader(buffer, 0, messageLength);
        return Arrays.copyOf(buffer.byteArray(), HEADER + messageLength);
    }
}
