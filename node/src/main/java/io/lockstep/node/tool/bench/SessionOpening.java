package io.lockstep.node.tool.bench;

import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.HelloEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** Opens a session on a raw socket: hello, and the database, made if need be. Blocks; one thread. */
final class SessionOpening {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEADER = FrameDescriptor.HEADER_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private Durability durability;
    private long inFlightMax;
    private long frameBytesMax;

    /**
     * Connects and opens.
     *
     * @param address of the node
     * @param token empty for none
     * @param database made if it is not there
     * @return a blocking channel that takes change sets
     * @throws BenchException if the node refuses
     * @throws IOException if the node cannot be reached
     */
    SocketChannel open(final InetSocketAddress address, final String token, final String database) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(address);
            hello(channel, token);
            openDatabase(channel, database);
            return channel;
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietClose(channel);
            throw e;
        }
    }

    /** What an answer of the node promises; after {@link #open}. */
    Durability durability() {
        return durability;
    }

    /** Most unanswered change sets of a session; after {@link #open}. */
    long inFlightMax() {
        return inFlightMax;
    }

    /** Largest frame; after {@link #open}. */
    long frameBytesMax() {
        return frameBytesMax;
    }

    private void hello(final SocketChannel channel, final String token) throws IOException {
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, HEADER, headerEncoder);
        hello.versionMin(HelloEncoder.SCHEMA_VERSION)
                .versionMax(HelloEncoder.SCHEMA_VERSION)
                .heartbeatMs(0);
        hello.features().clear();
        hello.sitesCount(0);
        hello.client("lockstep-bench").token(token);
        send(channel, hello.encodedLength());
        receive(channel, WelcomeDecoder.TEMPLATE_ID);
        final WelcomeDecoder welcome = new WelcomeDecoder().wrapAndApplyHeader(buffer, HEADER, headerDecoder);
        durability = welcome.durability();
        inFlightMax = welcome.inFlightMax();
        frameBytesMax = welcome.frameBytesMax();
    }

    private void openDatabase(final SocketChannel channel, final String database) throws IOException {
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder().wrapAndApplyHeader(buffer, HEADER, headerEncoder);
        open.requestId(0)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0);
        open.flags().clear().create(true);
        open.name(database);
        send(channel, open.encodedLength());
        receive(channel, DatabaseOpenedDecoder.TEMPLATE_ID);
    }

    private void send(final SocketChannel channel, final int bodyLength) throws IOException {
        final int messageLength = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        FrameDescriptor.putHeader(buffer, 0, messageLength);
        final ByteBuffer bytes = buffer.byteBuffer().duplicate();
        bytes.clear().limit(HEADER + messageLength);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void receive(final SocketChannel channel, final int templateId) throws IOException {
        fill(channel, 0, HEADER);
        final long length = FrameDescriptor.frameLength(buffer, 0);
        if (length < HEADER + MessageHeaderDecoder.ENCODED_LENGTH
                || length > Math.min(BUFFER_BYTES, FrameLimits.DEFAULT.frameBytesMax())) {
            throw new BenchException("this is no Lockstep node: frameLength=" + length);
        }
        fill(channel, HEADER, (int) length);
        headerDecoder.wrap(buffer, HEADER);
        final int received = headerDecoder.templateId();
        if (received == ErrorDecoder.TEMPLATE_ID) {
            final ErrorDecoder error = new ErrorDecoder().wrapAndApplyHeader(buffer, HEADER, headerDecoder);
            final ErrorCode code = error.code();
            throw new BenchException(
                    "the node refused: " + code + ": " + error.text(),
                    code == ErrorCode.AUTHENTICATION_FAILED || code == ErrorCode.NOT_PERMITTED);
        }
        if (received != templateId) {
            throw new BenchException("an unexpected answer: templateId=" + received + ", expected=" + templateId);
        }
    }

    private void fill(final SocketChannel channel, final int from, final int to) throws IOException {
        final ByteBuffer bytes = buffer.byteBuffer().duplicate();
        bytes.limit(to).position(from);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("the connection was closed");
            }
        }
    }
}
