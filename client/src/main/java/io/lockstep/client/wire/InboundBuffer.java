package io.lockstep.client.wire;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Cuts frames out of a stream. Grows up to the frame limit and keeps what it grew to. One thread. */
public final class InboundBuffer {
    private static final int INITIAL_BYTES = 64 * 1024;
    private static final int FRAME_BYTES_MIN = FrameDescriptor.HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private ByteBuffer bytes = ByteBuffer.allocateDirect(INITIAL_BYTES);
    private int start;
    private int end;

    /** An empty buffer. */
    public InboundBuffer() {
        buffer.wrap(bytes);
    }

    /** Takes whole frames. */
    public interface FrameHandler {
        /**
         * A frame, of which only the framing header was looked at.
         *
         * @param buffer holds it until the call returns
         * @param offset of its message header
         * @param length bytes of the message
         * @return false to get no more frames of this stream
         * @throws IOException if the stream cannot be trusted any more
         */
        boolean onFrame(DirectBuffer buffer, int offset, int length) throws IOException;
    }

    /**
     * Reads once.
     *
     * @param transport to read from
     * @return bytes read, -1 at the end of the stream
     * @throws IOException if reading failed
     */
    public int fill(final Transport transport) throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        }
        bytes.limit(bytes.capacity()).position(end);
        final int read = transport.read(bytes);
        end += Math.max(read, 0);
        return read;
    }

    /**
     * Hands out the whole frames that were read.
     *
     * @param frameBytesMax limit of a frame, framing header included
     * @param handler gets them
     * @return frames handed out
     * @throws IOException if a frame is not of the protocol, or the handler says so
     */
    public int drain(final FrameLimit frameBytesMax, final FrameHandler handler) throws IOException {
        int frames = 0;
        while (end - start >= FrameDescriptor.HEADER_LENGTH) {
            final int length = checkedLength(frameBytesMax.frameBytesMax());
            if (end - start < length) {
                makeRoom(length);
                return frames;
            }
            final int offset = start + FrameDescriptor.HEADER_LENGTH;
            start += length;
            frames++;
            if (!handler.onFrame(buffer, offset, length - FrameDescriptor.HEADER_LENGTH)) {
                return frames;
            }
        }
        makeRoom(FrameDescriptor.HEADER_LENGTH);
        return frames;
    }

    /** The limit of frames, which a frame may change for those after it. */
    public interface FrameLimit {
        /**
         * The limit now.
         *
         * @return bytes, framing header included
         */
        int frameBytesMax();
    }

    /** Forgets everything. */
    public void clear() {
        start = 0;
        end = 0;
    }

    private int checkedLength(final int frameBytesMax) throws ProtocolException {
        final long length = FrameDescriptor.frameLength(buffer, start);
        final int type = FrameDescriptor.encodingType(buffer, start);
        if (type != FrameDescriptor.ENCODING_TYPE_SBE_LITTLE_ENDIAN) {
            throw new ProtocolException(
                    ErrorCode.MALFORMED_FRAME.value(),
                    "framing header: encodingType=" + type + ", expected="
                            + FrameDescriptor.ENCODING_TYPE_SBE_LITTLE_ENDIAN);
        }
        if (length < FRAME_BYTES_MIN) {
            throw new ProtocolException(
                    ErrorCode.MALFORMED_FRAME.value(),
                    "framing header: length=" + length + ", least=" + FRAME_BYTES_MIN);
        }
        if (length > frameBytesMax) {
            throw new ProtocolException(
                    ErrorCode.FRAME_TOO_LARGE.value(),
                    "framing header: frameBytesMax=" + frameBytesMax + ", length=" + length);
        }
        return (int) length;
    }

    /** Room for a frame that starts where the last one ended; moves bytes only if it would not fit behind them. */
    private void makeRoom(final int length) {
        if (start + length <= bytes.capacity()) {
            return;
        }
        bytes.limit(end).position(start);
        if (length > bytes.capacity()) {
            final ByteBuffer larger = ByteBuffer.allocateDirect(length + INITIAL_BYTES);
            larger.put(bytes);
            bytes = larger;
            buffer.wrap(bytes);
        } else {
            bytes.compact();
        }
        bytes.clear();
        end -= start;
        start = 0;
    }
}
