package io.lockstep.node.tool.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends back whatever it gets, over the same event loop and with the same idling as a node: what the transport costs
 * without Lockstep. Runs on a thread of its own, on loopback.
 */
final class EchoServer implements AutoCloseable {
    private static final long SPIN_NS = 20_000;
    private static final long BLOCK_NS = 10_000_000;

    private final CountDownLatch started = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "bench-echo");
    private volatile InetSocketAddress address;
    private volatile RuntimeException failure;
    private volatile boolean running = true;

    /** Listens on a port that the system picks. */
    EchoServer() {
        thread.setDaemon(true);
        thread.start();
        try {
            started.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        final boolean epoll = Epoll.isAvailable();
        final ManualIoEventLoop loop = new ManualIoEventLoop(
                Thread.currentThread(), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            listen(loop, epoll);
        } catch (final RuntimeException e) {
            failure = e;
            started.countDown();
            return;
        }
        started.countDown();
        serve(loop);
    }

    private void listen(final ManualIoEventLoop loop, final boolean epoll) {
        final var bound = new ServerBootstrap()
                .group(loop)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, new PooledByteBufAllocator(true, 0, 1, 8_192, 9, 256, 64, true))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        while (!bound.isDone()) {
            loop.runNow();
        }
        if (!bound.isSuccess()) {
            throw new BenchException("the echo cannot listen: " + bound.cause().getMessage(), bound.cause());
        }
        address = (InetSocketAddress) bound.channel().localAddress();
    }

    private void serve(final ManualIoEventLoop loop) {
        long lastWorkNs = System.nanoTime();
        while (running) {
            if (loop.runNow() > 0) {
                lastWorkNs = System.nanoTime();
            } else if (System.nanoTime() - lastWorkNs < SPIN_NS) {
                Thread.onSpinWait();
            } else if (loop.run(BLOCK_NS) > 0) {
                lastWorkNs = System.nanoTime();
            }
        }
        final var ended = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated() && !ended.isDone()) {
            loop.runNow();
        }
    }

    /** Writes what was read, and flushes once a read is complete. */
    @SuppressWarnings("FutureReturnValueIgnored") // what cannot be written shows as an answer that never comes
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(final ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            context.channel().close();
        }
    }
}
