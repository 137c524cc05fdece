package io.lockstep.gateway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * What one connection keeps of what it received: a frame that is not whole yet, or frames that must wait. One thread.
 * {@link PartialFrames} knows all of them.
 */
final class PartialFrame {
    private static final int BYTES_LEAST = 256;
    private static final int COMPACT_BYTES = 64 * 1024;

    private final PartialFrames all;
    private final TcpConnection connection;
    private ByteBuf bytes;
    private long sinceNs;
    private int index = -1;
    private long counted;

    PartialFrame(final PartialFrames all, final TcpConnection connection) {
        this.all = all;
        this.connection = connection;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** Null while empty. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Copies what was received behind what is kept. */
    void keep(final Channel channel, final ByteBuf received) {
        if (bytes == null) {
            bytes = channel.alloc().directBuffer(Math.max(received.readableBytes(), BYTES_LEAST));
            all.add(this);
        }
        bytes.writeBytes(received);
        all.count(this);
    }

    /** Frames were taken out of it, or perhaps none. */
    void settle(final boolean taken) {
        if (bytes == null) {
            return;
        }
        if (!bytes.isReadable()) {
            release();
            return;
        }
        if (taken) {
            restart();
        }
        if (bytes.readerIndex() >= COMPACT_BYTES) {
            bytes.discardReadBytes();
        }
    }

    /** Its time begins anew: until now it waited for the node. */
    void restart() {
        sinceNs = all.nowNs();
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
            all.remove(this);
        }
    }

    /** Memory that it takes. */
    long heldBytes() {
        return bytes == null ? 0 : bytes.capacity();
    }

    long ageNs(final long nowNs) {
        return nowNs - sinceNs;
    }

    TcpConnection connection() {
        return connection;
    }

    /** As {@link PartialFrames} counted it last. */
    long counted() {
        return counted;
    }

    void counted(final long newCounted) {
        counted = newCounted;
    }

    int index() {
        return index;
    }

    void index(final int newIndex) {
        index = newIndex;
    }
}
