package io.lockstep.client.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS over another transport. The handshake runs inside of {@link #progress}, its computations too. */
public final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport beneath;
    private final SSLEngine engine;
    private final ByteBuffer encryptedIn;
    private final ByteBuffer encryptedOut;
    private final ByteBuffer plainIn;
    private boolean started;
    private boolean ready;
    private boolean ended;

    /**
     * TLS over a transport.
     *
     * @param beneath carries the encrypted bytes
     * @param engine in client mode, not started
     */
    public TlsTransport(final Transport beneath, final SSLEngine engine) {
        this.beneath = beneath;
        this.engine = engine;
        final int packetBytes = engine.getSession().getPacketBufferSize();
        encryptedIn = ByteBuffer.allocateDirect(packetBytes);
        encryptedOut = ByteBuffer.allocateDirect(2 * packetBytes);
        plainIn = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize());
        encryptedIn.flip();
        encryptedOut.flip();
        plainIn.flip();
    }

    @Override
    public int progress() throws IOException {
        if (ready) {
            return 0;
        }
        int work = beneath.progress();
        if (!beneath.isReady()) {
            return work;
        }
        if (!started) {
            started = true;
            engine.beginHandshake();
        }
        boolean again = true;
        while (again && !ready) {
            again = handshakeStep();
            work += again ? 1 : 0;
        }
        return work;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            if (plainIn.hasRemaining()) {
                total += move(target);
            } else if (!unwrap()) {
                break;
            }
        }
        return total == 0 && ended && target.hasRemaining() ? -1 : total;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int before = source.remaining();
        flush();
        while (source.hasRemaining() && !encryptedOut.hasRemaining()) {
            wrap(source);
            flush();
        }
        return before - source.remaining();
    }

    @Override
    public boolean hasPendingOutput() {
        return encryptedOut.hasRemaining();
    }

    @Override
    public boolean hasPendingInput() {
        return plainIn.hasRemaining();
    }

    @Override
    public SocketChannel socket() {
        return beneath.socket();
    }

    @Override
    public void close() {
        engine.closeOutbound();
        if (ready && !encryptedOut.hasRemaining()) {
            try {
                wrap(NOTHING);
                flush();
            } catch (final IOException e) {
                ended = true;
            }
        }
        beneath.close();
    }

    private boolean handshakeStep() throws IOException {
        flush();
        final HandshakeStatus status = engine.getHandshakeStatus();
        switch (status) {
            case NEED_TASK:
                runTasks();
                return true;
            case NEED_WRAP:
                if (encryptedOut.hasRemaining()) {
                    return false;
                }
                wrap(NOTHING);
                return true;
            case NEED_UNWRAP:
            case NEED_UNWRAP_AGAIN:
                final boolean progressed = unwrap();
                if (!progressed && ended) {
                    throw new SSLException("the connection ended during the handshake");
                }
                return progressed;
            case FINISHED:
            case NOT_HANDSHAKING:
            default:
                ready = true;
                return true;
        }
    }

    /** Decrypts one record, reading it if need be; false if there is not a whole one yet. */
    private boolean unwrap() throws IOException {
        while (true) {
            plainIn.clear();
            final SSLEngineResult result;
            try {
                result = engine.unwrap(encryptedIn, plainIn);
            } finally {
                plainIn.flip();
            }
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW:
                    if (fill() <= 0) {
                        return false;
                    }
                    break;
                case CLOSED:
                    ended = true;
                    return plainIn.hasRemaining();
                case BUFFER_OVERFLOW:
                    throw new SSLException("a record larger than the session allows");
                case OK:
                default:
                    return afterUnwrap(result);
            }
        }
    }

    private boolean afterUnwrap(final SSLEngineResult result) throws IOException {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (ready
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && !encryptedOut.hasRemaining()
                && !engine.isOutboundDone()) {
            wrap(NOTHING);
            flush();
        }
        return result.bytesConsumed() > 0 || plainIn.hasRemaining();
    }

    private int fill() throws IOException {
        if (ended) {
            return -1;
        }
        encryptedIn.compact();
        final int bytes;
        try {
            bytes = beneath.read(encryptedIn);
        } finally {
            encryptedIn.flip();
        }
        if (bytes < 0) {
            ended = true;
        }
        return bytes;
    }

    private void wrap(final ByteBuffer source) throws SSLException {
        encryptedOut.clear();
        try {
            final SSLEngineResult result = engine.wrap(source, encryptedOut);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
                throw new SSLException("the TLS session is closed");
            }
        } finally {
            encryptedOut.flip();
        }
    }

    private void flush() throws IOException {
        if (encryptedOut.hasRemaining()) {
            beneath.write(encryptedOut);
        }
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    private int move(final ByteBuffer target) {
        final int bytes = Math.min(target.remaining(), plainIn.remaining());
        final int limit = plainIn.limit();
        plainIn.limit(plainIn.position() + bytes);
        target.put(plainIn);
        plainIn.limit(limit);
        return bytes;
    }
}
