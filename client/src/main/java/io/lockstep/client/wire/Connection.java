package io.lockstep.client.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.agrona.CloseHelper;

/**
 * One connection at a time: its transport, its buffers, and the selector to wait for it. One thread, but for
 * {@link #wakeup}.
 */
public final class Connection {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final InboundBuffer in = new InboundBuffer();
    private final OutboundBuffer out;
    private Transport transport;
    private SelectionKey key;

    /**
     * Not connected.
     *
     * @param outboundBytesMax limit of what is gathered before it is written
     */
    public Connection(final int outboundBytesMax) {
        out = new OutboundBuffer(outboundBytesMax);
        try {
            selector = Selector.open();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts to use a transport.
     *
     * @param newTransport may still be connecting
     * @throws IOException if it cannot be waited for
     */
    public void open(final Transport newTransport) throws IOException {
        transport = newTransport;
        key = newTransport.socket().register(selector, 0);
    }

    /**
     * Whether there is a transport.
     *
     * @return false before {@link #open} and after {@link #close}
     */
    public boolean isOpen() {
        return transport != null;
    }

    /**
     * Whether bytes flow.
     *
     * @return false while connecting
     */
    public boolean isReady() {
        return transport != null && transport.isReady();
    }

    /**
     * Goes on with connecting.
     *
     * @return how much was done
     * @throws IOException if it failed
     */
    public int progress() throws IOException {
        return transport.progress();
    }

    /**
     * Reads once and hands out whole frames.
     *
     * @param limit of frames
     * @param frames gets them; answers false once it closed the connection
     * @return bytes read
     * @throws IOException if the stream ended, or is not of the protocol
     */
    public int receive(final InboundBuffer.FrameLimit limit, final InboundBuffer.FrameHandler frames)
            throws IOException {
        final int read = in.fill(transport);
        if (read != 0) {
            in.drain(limit, frames);
        }
        if (read < 0 && transport != null) {
            throw new EOFException("the node ended the connection");
        }
        return read;
    }

    /**
     * Writes what was gathered.
     *
     * @return bytes written
     * @throws IOException if it failed
     */
    public int flush() throws IOException {
        return out.hasRemaining() || transport.hasPendingOutput() ? out.flush(transport) : 0;
    }

    /**
     * Where frames are gathered.
     *
     * @return the same for all connections
     */
    public OutboundBuffer out() {
        return out;
    }

    /**
     * Blocks until the transport has something to do, or somebody wakes it up.
     *
     * @param maxNs at most this long, nanoseconds
     */
    public void await(final long maxNs) {
        if (maxNs <= 0 || (transport != null && transport.hasPendingInput())) {
            return;
        }
        if (transport != null) {
            final int wanted = interest();
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }
        try {
            selector.select((maxNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
            selector.selectedKeys().clear();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends an {@link #await}. Any thread. */
    public void wakeup() {
        selector.wakeup();
    }

    /** Closes the transport and forgets what was gathered. */
    public void close() {
        if (transport != null) {
            transport.close();
            transport = null;
            key = null;
            in.clear();
            out.clear();
            try {
                // A registered socket gives its descriptor back only at the next select.
                selector.selectNow();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Closes for good. */
    public void dispose() {
        close();
        CloseHelper.quietClose(selector);
    }

    private int interest() {
        if (!transport.socket().isConnected()) {
            return SelectionKey.OP_CONNECT;
        }
        final boolean write = transport.hasPendingOutput() || (transport.isReady() && out.hasRemaining());
        return write ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }
}
