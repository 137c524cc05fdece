package io.lockstep.codec.frame;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * FIX Simple Open Framing Header, which stands before every SBE message on a TCP stream.
 *
 * <pre>
 *   0                   4             6
 *  +-------------------+-------------+---------------------------
 *  | length, uint32 BE | type, u16BE | SBE message, header first
 *  +-------------------+-------------+---------------------------
 * </pre>
 *
 * The length covers the whole frame, these six bytes included. The type is 0xEB50: SBE 1.0, little endian. Source: FIX
 * Simple Open Framing Header, version 1.0.
 */
public final class FrameDescriptor {
    /** Bytes of the framing header. */
    public static final int HEADER_LENGTH = 6;

    /** Encoding type of SBE 1.0, little endian. */
    public static final int ENCODING_TYPE_SBE_LITTLE_ENDIAN = 0xEB50;

    private static final int LENGTH_OFFSET = 0;
    private static final int TYPE_OFFSET = 4;

    private FrameDescriptor() {}

    /**
     * Writes the framing header.
     *
     * @param buffer to write into
     * @param offset where the frame starts
     * @param messageLength bytes of the SBE message that follows, its header included
     */
    public static void putHeader(final MutableDirectBuffer buffer, final int offset, final int messageLength) {
        buffer.putInt(offset + LENGTH_OFFSET, messageLength + HEADER_LENGTH, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + TYPE_OFFSET, (short) ENCODING_TYPE_SBE_LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The length of a whole frame as its header states it, unchecked.
     *
     * @param buffer to read from
     * @param offset where the frame starts
     * @return bytes, framing header included, 0 to 4,294,967,295
     */
    public static long frameLength(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LENGTH_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    /**
     * The encoding type as the header states it, unchecked.
     *
     * @param buffer to read from
     * @param offset where the frame starts
     * @return 0 to 65,535
     */
    public static int encodingType(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + TYPE_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
