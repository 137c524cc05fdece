package io.lockstep.node.tool.bench;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One connection of the load generator: a window of unanswered change sets, batch reads and batch writes over a
 * non-blocking socket. One thread; allocates nothing after construction.
 */
final class LoadLink implements AutoCloseable {
    private static final int IN_BYTES = 1 << 18;
    private static final int HEADERS_LENGTH = FrameDescriptor.HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int REQUEST_ID_OFFSET = HEADERS_LENGTH + SubmitResultDecoder.requestIdEncodingOffset();
    private static final int STATUS_OFFSET = HEADERS_LENGTH + SubmitResultDecoder.statusEncodingOffset();
    private static final int ERROR_ID_OFFSET = HEADERS_LENGTH + ErrorDecoder.requestIdEncodingOffset();
    private static final int ERROR_CODE_OFFSET = HEADERS_LENGTH + ErrorDecoder.codeEncodingOffset();
    private static final int HEARTBEAT_FRAME_LENGTH = HEADERS_LENGTH + HeartbeatEncoder.BLOCK_LENGTH;

    private final SocketChannel channel;
    private final SetFrames frames;
    private final long site;
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
    private final UnsafeBuffer inView = new UnsafeBuffer(in);
    private final ByteBuffer out;
    private final UnsafeBuffer outView;
    private final long[] startedNs;
    private final int[] freeIds;
    private int freeCount;
    private int inEnd;

    /**
     * A connection that is ready to take change sets.
     *
     * @param channel connected; made non-blocking, and closed with this
     * @param frames makes what is sent
     * @param window most change sets unanswered
     * @param site low half of the author's site
     */
    LoadLink(final SocketChannel channel, final SetFrames frames, final int window, final long site)
            throws IOException {
        this.channel = channel;
        this.frames = frames;
        this.site = site;
        out = ByteBuffer.allocateDirect(window * frames.frameLength() + HEARTBEAT_FRAME_LENGTH * 4);
        outView = new UnsafeBuffer(out);
        out.limit(0);
        startedNs = new long[window];
        freeIds = new int[window];
        for (int i = 0; i < window; i++) {
            freeIds[i] = i;
        }
        freeCount = window;
        channel.configureBlocking(false);
    }

    SocketChannel channel() {
        return channel;
    }

    boolean hasRoom() {
        return freeCount > 0 && out.capacity() - out.limit() >= frames.frameLength();
    }

    int unanswered() {
        return freeIds.length - freeCount;
    }

    boolean hasUnsent() {
        return out.hasRemaining();
    }

    /** Appends a change set to what is to be sent; call only where there is room. */
    void add(final long startNs) {
        final int id = freeIds[--freeCount];
        startedNs[id] = startNs;
        final int end = out.limit();
        out.limit(end + frames.frameLength());
        frames.put(outView, end, id, site);
    }

    /** Sends what the socket takes. */
    void send() throws IOException {
        if (!out.hasRemaining()) {
            return;
        }
        channel.write(out);
        if (!out.hasRemaining()) {
            out.position(0).limit(0);
        } else if (out.position() >= out.capacity() / 2) {
            final int rest = out.remaining();
            out.compact().position(0).limit(rest);
        }
    }

    /**
     * Takes what has arrived.
     *
     * @param result counts the answers
     */
    void receive(final LoadResult result) throws IOException {
        in.limit(IN_BYTES).position(inEnd);
        final int read = channel.read(in);
        if (read < 0) {
            throw new BenchException("the node closed a connection with unanswered=" + unanswered());
        }
        if (read == 0) {
            return;
        }
        inEnd += read;
        final long nowNs = System.nanoTime();
        int at = 0;
        while (inEnd - at >= HEADERS_LENGTH) {
            final int length = (int) FrameDescriptor.frameLength(inView, at);
            if (length < HEADERS_LENGTH || length > IN_BYTES) {
                throw new BenchException("an answer of frameLength=" + length + ", limit=" + IN_BYTES);
            }
            if (inEnd - at < length) {
                break;
            }
            onFrame(at, nowNs, result);
            at += length;
        }
        inView.putBytes(0, inView, at, inEnd - at);
        inEnd -= at;
    }

    @Override
    public void close() {
        CloseHelper.quietClose(channel);
    }

    private void onFrame(final int at, final long nowNs, final LoadResult result) {
        final int template = inView.getShort(at + FrameDescriptor.HEADER_LENGTH + Short.BYTES, ByteOrder.LITTLE_ENDIAN);
        switch (template) {
            case SubmitResultDecoder.TEMPLATE_ID -> onAnswer(at, inView.getByte(at + STATUS_OFFSET), nowNs, result);
            case SubmitChangeSetDecoder.TEMPLATE_ID -> onAnswer(at, SubmitStatus.ACCEPTED.value(), nowNs, result);
            case ErrorDecoder.TEMPLATE_ID -> onError(at, nowNs, result);
            case HeartbeatDecoder.TEMPLATE_ID -> onHeartbeat(at);
            default -> onOther(template);
        }
    }

    private void onAnswer(final int at, final int status, final long nowNs, final LoadResult result) {
        final int id = (int) inView.getLong(at + REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        result.onAnswer(status, nowNs - startedNs[id]);
        freeIds[freeCount++] = id;
    }

    private void onError(final int at, final long nowNs, final LoadResult result) {
        final long id = inView.getLong(at + ERROR_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        final int code = inView.getShort(at + ERROR_CODE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (id < 0 || id >= startedNs.length) {
            final ErrorDecoder error = new ErrorDecoder();
            error.wrapAndApplyHeader(inView, at + FrameDescriptor.HEADER_LENGTH, new MessageHeaderDecoder());
            throw new BenchException("the node ended a session: code=" + code + ": " + error.text());
        }
        result.onError(code, nowNs - startedNs[(int) id]);
        freeIds[freeCount++] = (int) id;
    }

    private void onOther(final int template) {
        if (template == GoAwayDecoder.TEMPLATE_ID || template == ClosedDecoder.TEMPLATE_ID) {
            throw new BenchException("the node is going away: unanswered=" + unanswered());
        }
    }

    private void onHeartbeat(final int at) {
        final int block = at + HEADERS_LENGTH;
        final boolean isReply = inView.getByte(block + HeartbeatDecoder.replyEncodingOffset()) != 0;
        final int end = out.limit();
        if (isReply || out.capacity() - end < HEARTBEAT_FRAME_LENGTH) {
            return;
        }
        out.limit(end + HEARTBEAT_FRAME_LENGTH);
        FrameDescriptor.putHeader(outView, end, HEARTBEAT_FRAME_LENGTH - FrameDescriptor.HEADER_LENGTH);
        outView.putBytes(
                end + FrameDescriptor.HEADER_LENGTH,
                inView,
                at + FrameDescriptor.HEADER_LENGTH,
                MessageHeaderEncoder.ENCODED_LENGTH + HeartbeatEncoder.BLOCK_LENGTH);
        outView.putByte(end + HEADERS_LENGTH + HeartbeatEncoder.replyEncodingOffset(), (byte) 1);
    }
}
