package io.lockstep.gateway.tcp;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.Session;
import io.netty.buffer.ByteBuf;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A frame where it lies in received bytes, and whether what stands there can be one. One thread. */
final class FrameView {
    private static final int LENGTH_MIN = FrameDescriptor.HEADER_LENGTH + MessageHeaderDecoder.ENCODED_LENGTH;

    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);

    /** Looks at the framing header alone, so before anything is kept for the rest; ends the session if it is none. */
    static boolean isFrame(final Session session, final long length, final int encodingType) {
        if (encodingType != FrameDescriptor.ENCODING_TYPE_SBE_LITTLE_ENDIAN) {
            refuse(
                    session,
                    ErrorCode.MALFORMED_FRAME,
                    FrameDescriptor.ENCODING_TYPE_SBE_LITTLE_ENDIAN,
                    encodingType,
                    "not a frame: encodingType=" + encodingType);
            return false;
        }
        if (length < LENGTH_MIN) {
            refuse(session, ErrorCode.MALFORMED_FRAME, LENGTH_MIN, length, "frame too short: length=" + length);
            return false;
        }
        final int frameBytesMax = session.frameBytesMax();
        if (length > frameBytesMax) {
            refuse(
                    session,
                    ErrorCode.FRAME_TOO_LARGE,
                    frameBytesMax,
                    length,
                    "frame too large: frameBytesMax=" + frameBytesMax + ", length=" + length);
            return false;
        }
        return true;
    }

    private static void refuse(
            final Session session,
            final ErrorCode code,
            final long limitValue,
            final long actualValue,
            final String text) {
        session.onRefused(GatewayCounter.MALFORMED, code, limitValue, actualValue, text);
    }

    /** Good until the next call, or until the bytes change. */
    DirectBuffer of(final ByteBuf bytes, final int index, final int length) {
        if (bytes.hasMemoryAddress()) {
            frame.wrap(bytes.memoryAddress() + index, length);
        } else if (bytes.hasArray()) {
            frame.wrap(bytes.array(), bytes.arrayOffset() + index, length);
        } else {
            frame.wrap(bytes.nioBuffer(index, length));
        }
        return frame;
    }
}
