package io.lockstep.node.acceptance;

import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** Subscribers of a database whose first sequence is a large set, each with filters of its own, that count what they get. A thread. */
final class LargeSetReaders implements AutoCloseable {
    private static final int REQUESTED_HEARTBEAT_MS = 5_000;
    private static final long HEARTBEAT_NS = 1_000_000_000L;

    private final List<Reader> readers = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "large-set-readers");
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean stopped;
    private volatile String trouble;

    /** One connection; frames may be cut anywhere. */
    private static final class Reader {
        private final SocketChannel channel;
        private final ByteBuffer received = ByteBuffer.allocate(2 << 20);
        private final UnsafeBuffer frames = new UnsafeBuffer(received);
        private final DeliveryPartDecoder part = new DeliveryPartDecoder();
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private long taken;
        private boolean done;
        private long beatNs;

        private Reader(final SocketChannel channel) {
            this.channel = channel;
        }

        private boolean poll(final long nowNs) throws IOException {
            if (nowNs - beatNs >= HEARTBEAT_NS) {
                beatNs = nowNs;
                channel.write(ByteBuffer.wrap(RawFrames.heartbeat(1, false)));
            }
            final int read = channel.read(received);
            if (read < 0) {
                throw new IOException("closed after taken=" + taken);
            }
            received.flip();
            for (int length = RawFrames.wholeFrame(received); length > 0; length = RawFrames.wholeFrame(received)) {
                onFrame(received.position());
                received.position(received.position() + length);
            }
            received.compact();
            return read > 0;
        }

        private void onFrame(final int offset) {
            if (RawFrames.templateId(received) != DeliveryPartDecoder.TEMPLATE_ID) {
                return;
            }
            part.wrapAndApplyHeader(frames, offset + FrameDescriptor.HEADER_LENGTH, header);
            if (part.partOffset() != taken) {
                throw new IllegalStateException("partOffset=" + part.partOffset() + " after taken=" + taken);
            }
            taken += part.bytesLength();
            done = taken == part.totalBytes();
        }
    }

    LargeSetReaders(final int port, final String database, final List<String> globs) {
        try {
            for (final String glob : globs) {
                readers.add(new Reader(open(port, database, glob)));
            }
        } catch (final IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
        thread.start();
    }

    private static SocketChannel open(final int port, final String database, final String glob) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        final ByteBuffer answer = ByteBuffer.allocate(4_096);
        for (final byte[] frame : List.of(RawFrames.hello(REQUESTED_HEARTBEAT_MS), RawFrames.open(database))) {
            channel.write(ByteBuffer.wrap(frame));
            answer.clear();
            while (RawFrames.wholeFrame(answer.duplicate().flip()) < 0) {
                if (channel.read(answer) < 0) {
                    throw new IOException("closed while it was opened");
                }
            }
        }
        channel.write(ByteBuffer.wrap(RawFrames.subscribe(glob)));
        channel.configureBlocking(false);
        return channel;
    }

    private void run() {
        try {
            while (!stopped && done.get() < readers.size()) {
                boolean idle = true;
                int finished = 0;
                for (final Reader reader : readers) {
                    idle &= reader.done || !reader.poll(System.nanoTime());
                    finished += reader.done ? 1 : 0;
                }
                done.set(finished);
                if (idle) {
                    LockSupport.parkNanos(100_000);
                }
            }
        } catch (final IOException | IllegalStateException e) {
            trouble = e.toString();
        }
    }

    /** Whether each has the whole set. */
    boolean areDone() {
        if (trouble != null) {
            throw new AssertionError(trouble);
        }
        return done.get() == readers.size();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            if (thread.isAlive()) {
                thread.join();
            }
            for (final Reader reader : readers) {
                reader.channel.close();
            }
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
