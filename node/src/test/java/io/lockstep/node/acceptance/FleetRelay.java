package io.lockstep.node.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A network between clients and a node that loses connections anywhere, in the middle of frames too, and stands still for
 * a while. It runs on a thread of its own; {@link #cut} and {@link #stall} may come from any thread.
 */
final class FleetRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int CUT_AFTER_BYTES_MAX = 5_000;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final InetSocketAddress node;
    private final Random random;
    private final List<Pair> pairs = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> wishes = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "relay");
    private volatile boolean closed;
    private volatile Throwable failure;

    FleetRelay(final int nodePort, final long seed) throws IOException {
        node = new InetSocketAddress(InetAddress.getLoopbackAddress(), nodePort);
        random = new Random(seed);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        try {
            return "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Loses one connection of so many, each after some more bytes. */
    void cut(final int oneIn) {
        wish(() -> pairs.forEach(pair -> {
            if (random.nextInt(oneIn) == 0) {
                pair.bytesLeft = random.nextInt(CUT_AFTER_BYTES_MAX);
            }
        }));
    }

    /** One connection of so many takes nothing from the node for a while. */
    void stall(final int oneIn, final long ms) {
        wish(() -> {
            for (final Pair pair : pairs) {
                if (random.nextInt(oneIn) == 0) {
                    pair.stalledUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
                }
            }
        });
    }

    /** Fails if it is not at work any more. */
    void check() {
        if (failure != null) {
            throw new AssertionError("the relay failed", failure);
        }
    }

    private void wish(final Runnable wish) {
        wishes.add(wish);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(5);
                for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
                    wish.run();
                }
                selector.selectedKeys().clear();
                accept();
                final long nowNs = System.nanoTime();
                pairs.removeIf(pair -> !pair.pump(nowNs));
            }
        } catch (final IOException | RuntimeException ex) {
            failure = ex;
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            final SocketChannel to = SocketChannel.open();
            try {
                pairs.add(new Pair(client, to));
            } catch (final IOException ex) {
                client.close();
                to.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
        for (final Pair pair : pairs) {
            pair.end();
        }
        server.close();
        selector.close();
    }

    /** A connection of a client and the one that it stands for. */
    private final class Pair {
        private final Way up;
        private final Way down;
        private boolean connected;
        private long bytesLeft = Long.MAX_VALUE;
        private long stalledUntilNs;

        /** Does not wait for the node: it may be busy taking others. */
        Pair(final SocketChannel client, final SocketChannel to) throws IOException {
            for (final SocketChannel each : List.of(client, to)) {
                each.configureBlocking(false);
                each.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            to.connect(node);
            client.register(selector, 0);
            to.register(selector, SelectionKey.OP_CONNECT);
            up = new Way(client, to);
            down = new Way(to, client);
        }

        private boolean isConnected() throws IOException {
            if (!connected && up.to.finishConnect()) {
                connected = true;
                up.from.keyFor(selector).interestOps(SelectionKey.OP_READ);
                up.to.keyFor(selector).interestOps(SelectionKey.OP_READ);
            }
            return connected;
        }

        /** False if it is over. */
        boolean pump(final long nowNs) {
            try {
                if (!isConnected()) {
                    return true;
                }
                final boolean still = stalledUntilNs != 0 && nowNs - stalledUntilNs < 0;
                down.interest(!still);
                final boolean open = up.pump(this) && (still || down.pump(this)) && bytesLeft > 0;
                if (!open) {
                    end();
                }
                return open;
            } catch (final IOException ex) {
                end();
                return false;
            }
        }

        void end() {
            try {
                up.from.close();
                down.from.close();
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    /** One direction. */
    private final class Way {
        private final SocketChannel from;
        private final SocketChannel to;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private boolean interested = true;
        private boolean wantsWrite;

        Way(final SocketChannel from, final SocketChannel to) {
            this.from = from;
            this.to = to;
        }

        void interest(final boolean reading) {
            if (reading != interested) {
                interested = reading;
                final SelectionKey key = from.keyFor(selector);
                key.interestOps(
                        reading ? key.interestOps() | SelectionKey.OP_READ : key.interestOps() & ~SelectionKey.OP_READ);
            }
        }

        boolean pump(final Pair pair) throws IOException {
            if (from.read(buffer) < 0) {
                return false;
            }
            buffer.flip();
            final int end = buffer.limit();
            buffer.limit((int) Math.min(end, pair.bytesLeft));
            final int written = to.write(buffer);
            if (pair.bytesLeft != Long.MAX_VALUE) {
                pair.bytesLeft -= written;
            }
            buffer.limit(end);
            buffer.compact();
            final boolean blocked = buffer.position() > 0;
            if (blocked != wantsWrite) {
                wantsWrite = blocked;
                final SelectionKey key = to.keyFor(selector);
                key.interestOps(
                        blocked
                                ? key.interestOps() | SelectionKey.OP_WRITE
                                : key.interestOps() & ~SelectionKey.OP_WRITE);
            }
            interest(buffer.hasRemaining());
            return true;
        }
    }
}
