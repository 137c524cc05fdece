package io.lockstep.node.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Subscribers of one database that take so many bytes a second each, and send heartbeats. A thread of its own. */
final class SlowReaders implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 8 << 10;
    private static final int STEP_MS = 250;
    private static final int STEPS_A_SECOND = 1_000 / STEP_MS;
    private static final int HEARTBEAT_STEPS = 4;
    private static final int REQUESTED_HEARTBEAT_MS = 5_000;

    private final List<SocketChannel> readers = new ArrayList<>();
    private final ByteBuffer buffer;
    private final Thread thread = new Thread(this::run, "slow-readers");
    private volatile boolean stopped;
    private volatile String trouble;
    private volatile long taken;

    SlowReaders(final int port, final String database, final int count, final int bytesPerSecond) {
        buffer = ByteBuffer.allocateDirect(bytesPerSecond / STEPS_A_SECOND);
        try {
            for (int i = 0; i < count; i++) {
                readers.add(open(port, database));
            }
        } catch (final IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
        thread.start();
    }

    private static SocketChannel open(final int port, final String database) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
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
        channel.write(ByteBuffer.wrap(RawFrames.subscribe()));
        channel.configureBlocking(false);
        return channel;
    }

    /** Each has its own turn within a step, since readers that know nothing of each other do not read as one. */
    private void run() {
        long dueNs = System.nanoTime();
        for (int step = 0; !stopped && trouble == null; step++) {
            for (int turn = 0; turn < STEP_MS && !stopped; turn++) {
                final int end = (turn + 1) * readers.size() / STEP_MS;
                for (int i = turn * readers.size() / STEP_MS; i < end && trouble == null; i++) {
                    serve(i, (step + i) % HEARTBEAT_STEPS == 0);
                }
                dueNs += TimeUnit.MILLISECONDS.toNanos(1);
                while (!stopped && System.nanoTime() - dueNs < 0) {
                    LockSupport.parkNanos(dueNs - System.nanoTime());
                }
            }
        }
    }

    private void serve(final int index, final boolean beat) {
        try {
            final SocketChannel reader = readers.get(index);
            buffer.clear();
            final int read = reader.read(buffer);
            if (read < 0) {
                trouble = "reader " + index + " was closed";
                return;
            }
            taken += read;
            if (beat) {
                reader.write(ByteBuffer.wrap(RawFrames.heartbeat(index, false)));
            }
        } catch (final IOException e) {
            trouble = "reader " + index + ": " + e;
        }
    }

    /** Null while all are connected. */
    String trouble() {
        return trouble;
    }

    /** Bytes that all took. */
    long taken() {
        return taken;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            if (thread.isAlive()) {
                thread.join();
            }
            for (final SocketChannel reader : readers) {
                reader.close();
            }
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
