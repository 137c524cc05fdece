package io.lockstep.gateway.tcp;

import io.lockstep.codec.frame.FrameDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames that one connection has not handed to the network yet, one after the other in one buffer. One thread. */
final class GatheredFrames {
    private static final int HEADER = FrameDescriptor.HEADER_LENGTH;
    private static final int BYTES_LEAST = 2_048;

    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuf bytes;

    boolean isEmpty() {
        return bytes == null;
    }

    int length() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /** Adds a message, with its framing header. An OutOfMemoryError is one of direct memory, and adds nothing. */
    void add(final ByteBufAllocator allocator, final DirectBuffer buffer, final int offset, final int length) {
        if (bytes == null) {
            bytes = allocator.directBuffer(Math.max(BYTES_LEAST, length + HEADER));
        }
        bytes.ensureWritable(length + HEADER);
        final int index = bytes.writerIndex();
        if (bytes.hasMemoryAddress()) {
            view.wrap(bytes.memoryAddress() + index, length + HEADER);
        } else {
            view.wrap(bytes.nioBuffer(index, length + HEADER));
        }
        FrameDescriptor.putHeader(view, 0, length);
        buffer.getBytes(offset, view, HEADER, length);
        bytes.writerIndex(index + length + HEADER);
    }

    /** Gives what there is away; null if there is nothing. */
    ByteBuf take() {
        final ByteBuf taken = bytes;
        bytes = null;
        return taken;
    }

    /** As above, in a buffer that is not much larger than its bytes: for what is likely to wait. */
    ByteBuf takeFitting(final ByteBufAllocator allocator) {
        final ByteBuf taken = take();
        final int length = taken.readableBytes();
        if (length > taken.capacity() / 2) {
            return taken;
        }
        final ByteBuf smaller = allocator.directBuffer(length).writeBytes(taken);
        taken.release();
        return smaller;
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
