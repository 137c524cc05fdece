package io.lockstep.gateway.testing;

import io.lockstep.codec.frame.FrameDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** A blocking client over a socket of the JDK, so that the node's own transport is not tried against itself. */
public final class TcpClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    public TcpClient(final InetSocketAddress address) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()));
    }

    public TcpClient(final Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    public static byte[] frame(final byte[]... messages) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (final byte[] message : messages) {
            final byte[] frame = new byte[message.length + FrameDescriptor.HEADER_LENGTH];
            FrameDescriptor.putHeader(new UnsafeBuffer(frame), 0, message.length);
            System.arraycopy(message, 0, frame, FrameDescriptor.HEADER_LENGTH, message.length);
            bytes.writeBytes(frame);
        }
        return bytes.toByteArray();
    }

    public TcpClient says(final byte[]... messages) throws IOException {
        return raw(frame(messages));
    }

    public TcpClient raw(final byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** The next message; null at the end of the stream. */
    public Received next() throws IOException {
        final int length;
        try {
            length = in.readInt();
        } catch (final EOFException e) {
            return null;
        }
        final byte[] rest = new byte[length - Integer.BYTES];
        in.readFully(rest);
        return new Received(Arrays.copyOfRange(rest, Short.BYTES, rest.length));
    }

    public Received nextResult() throws IOException {
        Received received = next();
        while (received != null && !received.isResult()) {
            received = next();
        }
        return received;
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
