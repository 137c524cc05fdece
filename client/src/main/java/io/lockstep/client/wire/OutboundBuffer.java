package io.lockstep.client.wire;

import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gathers frames until they are written. Grows up to its limit and keeps what it grew to. One thread.
 *
 * <pre>
 *   0        sent        end                capacity
 *  +--------+-----------+------------------+
 *  | gone   | frames    | free             |
 *  +--------+-----------+------------------+
 * </pre>
 */
public final class OutboundBuffer {
    private static final int INITIAL_BYTES = 16 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final int bytesMax;
    private ByteBuffer bytes;
    private int sent;
    private int end;

    /**
     * An empty buffer.
     *
     * @param bytesMax limit of its size
     */
    public OutboundBuffer(final int bytesMax) {
        this.bytesMax = bytesMax;
        bytes = ByteBuffer.allocateDirect(Math.min(INITIAL_BYTES, bytesMax));
        buffer.wrap(bytes);
    }

    /**
     * Makes room for a message and its framing header.
     *
     * @param messageLengthMax most bytes that the message will have
     * @return offset of the message in {@link #buffer}, -1 if there is no room until something was written
     */
    public int claim(final int messageLengthMax) {
        final int needed = messageLengthMax + FrameDescriptor.HEADER_LENGTH;
        if (bytes.capacity() - end < needed && !makeRoom(needed)) {
            return -1;
        }
        return end + FrameDescriptor.HEADER_LENGTH;
    }

    /**
     * Ends the message for which room was claimed.
     *
     * @param messageLength its bytes, at most what was claimed
     */
    public void commit(final int messageLength) {
        FrameDescriptor.putHeader(buffer, end, messageLength);
        end += FrameDescriptor.HEADER_LENGTH + messageLength;
    }

    /**
     * Where messages are written.
     *
     * @return another one after each {@link #claim}
     */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Writes what the transport takes.
     *
     * @param transport takes it
     * @return bytes written
     * @throws IOException if it failed
     */
    public int flush(final Transport transport) throws IOException {
        if (sent == end) {
            return 0;
        }
        bytes.limit(end).position(sent);
        final int written = transport.write(bytes);
        sent += written;
        if (sent == end) {
            clear();
        }
        return written;
    }

    /**
     * Whether something waits to be written.
     *
     * @return true if {@link #flush} has something to do
     */
    public boolean hasRemaining() {
        return sent < end;
    }

    /** Forgets everything. */
    public void clear() {
        sent = 0;
        end = 0;
    }

    private boolean makeRoom(final int needed) {
        final int kept = end - sent;
        if ((long) kept + needed > bytesMax) {
            return false;
        }
        bytes.limit(end).position(sent);
        if (kept + needed > bytes.capacity()) {
            final int grown = (int) Math.min(bytesMax, Math.max(2L * bytes.capacity(), (long) kept + needed));
            final ByteBuffer larger = ByteBuffer.allocateDirect(grown);
            larger.put(bytes);
            bytes = larger;
            buffer.wrap(bytes);
        } else {
            bytes.compact();
        }
        bytes.clear();
        sent = 0;
        end = kept;
        return true;
    }
}
