package io.lockstep.client.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/** A plain TCP connection. */
public final class PlainTransport implements Transport {
    private final SocketChannel socket;
    private boolean ready;

    private PlainTransport(final SocketChannel socket) {
        this.socket = socket;
    }

    /**
     * Starts to connect.
     *
     * @param address resolved
     * @return a transport that is not ready yet
     * @throws IOException if it failed at once
     */
    public static PlainTransport connect(final InetSocketAddress address) throws IOException {
        final SocketChannel socket = SocketChannel.open();
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            final PlainTransport transport = new PlainTransport(socket);
            transport.ready = socket.connect(address);
            return transport;
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietClose(socket);
            throw e;
        }
    }

    @Override
    public int progress() throws IOException {
        if (ready) {
            return 0;
        }
        ready = socket.finishConnect();
        return ready ? 1 : 0;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        return socket.read(target);
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        return socket.write(source);
    }

    @Override
    public boolean hasPendingOutput() {
        return false;
    }

    @Override
    public boolean hasPendingInput() {
        return false;
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public void close() {
        CloseHelper.quietClose(socket);
    }
}
