package io.lockstep.gateway.tcp;

import io.lockstep.gateway.limits.AddressBook;
import io.lockstep.gateway.limits.BufferBudget;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.session.Session;
import io.lockstep.gateway.session.SessionHub;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;

/**
 * Listens, and drives every connection from the duty cycle of the thread of the transports: Netty's event loop has no
 * thread of its own here. Only {@link #wakeup()}, {@link #boundAddress()} and {@link #connections()} are for any thread.
 */
public final class TcpTransport {
    /** Connections above the limit that are told so at once; further ones are closed without a word. */
    private static final int REFUSED_AT_ONCE_MAX = 64;

    private static final int READ_BYTES_MAX = 64 * 1024;
    private static final int READS_PER_LOOP_MAX = 4;
    /** Connections that the system holds until they are taken: after a restart all come at once. */
    private static final int BACKLOG = 4_096;

    private final TcpSettings settings;
    private final SessionHub hub;
    private final GatewayCounters counters;
    private final NanoClock nanoClock;
    private final Consumer<Throwable> unexpected;
    private final boolean epoll;
    private final GatewayEventLoop loop;
    private final SslContext tls;
    private final ExecutorService handshakes;
    private final PooledByteBufAllocator allocator;
    private final PartialFrames partials;
    private final ArrayList<TcpConnection> closing = new ArrayList<>();
    private final UnsentConnections unsent = new UnsentConnections();
    private ArrayList<TcpConnection> dirty = new ArrayList<>();
    private ArrayList<TcpConnection> dirtyBefore = new ArrayList<>();
    private Channel server;
    private volatile InetSocketAddress boundAddress;
    private volatile int connections;

    /**
     * A transport; it listens from {@link #start()}.
     *
     * @param settings where and how
     * @param hub of the sessions
     * @param counters where to count
     * @param nanoClock for the time that closing takes
     * @param unexpected gets exceptions that should not have been
     */
    public TcpTransport(
            final TcpSettings settings,
            final SessionHub hub,
            final GatewayCounters counters,
            final NanoClock nanoClock,
            final Consumer<Throwable> unexpected) {
        this.settings = settings;
        this.hub = hub;
        this.counters = counters;
        this.nanoClock = nanoClock;
        this.unexpected = unexpected;
        hub.buffers().within(PlatformDependent.maxDirectMemory());
        partials = new PartialFrames(hub.buffers(), hub.limits(), nanoClock);
        epoll = settings.nativeTransport() && Epoll.isAvailable();
        loop = new GatewayEventLoop(epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        tls = settings.tlsCertificateChain() == null
                ? null
                : TlsFiles.context(settings.tlsCertificateChain(), settings.tlsPrivateKey());
        handshakes = tls == null ? null : Executors.newSingleThreadExecutor(TcpTransport::handshakeThread);
        // One arena, for one thread, with its cache: that thread is a plain one, for which Netty caches nothing by
        // itself.
        allocator = new PooledByteBufAllocator(true, 0, 1, 8_192, 9, 256, 64, true);
    }

    /**
     * A thread on which Netty pools what it hands out.
     *
     * @param task what it runs
     * @param name of the thread
     * @return a thread that was not started
     */
    public static Thread newThread(final Runnable task, final String name) {
        return new FastThreadLocalThread(task, name);
    }

    private static Thread handshakeThread(final Runnable task) {
        final Thread thread = new Thread(task, "lockstep-tls");
        thread.setDaemon(true);
        return thread;
    }

    /** Listens. The thread that calls this owns the transport from now on. */
    public void start() {
        loop.setOwningThread(Thread.currentThread());
        final Class<? extends ServerChannel> channelType =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, settings.waterMark())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        initialise(channel);
                    }
                });
        if (epoll) {
            EpollOptions.set(bootstrap, settings);
        }
        final ChannelFuture bound = bootstrap.bind(settings.bindAddress());
        while (!bound.isDone()) {
            loop.runNow();
        }
        if (!bound.isSuccess()) {
            stop();
            throw new UncheckedIOException(new IOException(
                    "cannot listen: address=" + settings.bindAddress() + ": "
                            + bound.cause().getMessage(),
                    bound.cause()));
        }
        server = bound.channel();
        boundAddress = (InetSocketAddress) server.localAddress();
    }

    private void initialise(final Channel channel) {
        if (connections >= hub.limits().intValue(SessionLimit.CONNECTIONS_MAX) + REFUSED_AT_ONCE_MAX) {
            // Those that are told why hold a descriptor until they have read it; there must be a last one.
            counters.increment(GatewayCounter.SESSIONS_REFUSED);
            channel.unsafe().closeForcibly();
            return;
        }
        // Few and bounded reads a turn, so that one flood does not keep the others waiting.
        channel.config()
                .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(512, 4_096, READ_BYTES_MAX)
                        .maxMessagesPerRead(READS_PER_LOOP_MAX));
        if (tls != null) {
            final SslHandler handler = tls.newHandler(channel.alloc(), handshakes);
            // The session has a time-out for all that comes before a Hello.
            handler.setHandshakeTimeoutMillis(0);
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(new TcpConnection(this));
    }

    /**
     * Polls the network without blocking.
     *
     * @return 0 if there was nothing
     */
    public int poll() {
        // Those who are not taken yet wait in the backlog of the system.
        server.config().setAutoRead(server.isOpen() && hub.mayConnect());
        int work = loop.runNow();
        final long nowNs = nanoClock.nanoTime();
        work += partials.expire(nowNs);
        for (int i = closing.size() - 1; i >= 0; i--) {
            if (closing.get(i).closeIfDue(nowNs)) {
                closing.set(i, closing.get(closing.size() - 1));
                closing.remove(closing.size() - 1);
                work++;
            }
        }
        if (unsent.count(nowNs)) {
            counters.set(GatewayCounter.BUFFER_MEMORY, allocator.pinnedDirectMemory());
        }
        return work;
    }

    /**
     * Hands on what sessions sent, one write a connection.
     *
     * @return 0 if there was nothing
     */
    public int flush() {
        if (dirty.isEmpty()) {
            return 0;
        }
        // A connection that can take more may become dirty again at once; that is for the next time.
        final ArrayList<TcpConnection> flushing = dirty;
        dirty = dirtyBefore;
        dirtyBefore = flushing;
        int bytes = 0;
        for (int i = 0; i < flushing.size(); i++) {
            bytes += flushing.get(i).flush();
        }
        flushing.clear();
        return bytes > 0 ? 1 : 0;
    }

    /**
     * Blocks until the network, or {@link #wakeup()}, has something.
     *
     * @param waitNs at most so long; above 0
     * @return 0 if nothing came
     */
    public int await(final long waitNs) {
        return loop.run(waitNs);
    }

    /** Makes {@link #await} return, now or when it is called next. Any thread; cheap when it is not blocked. */
    public void wakeup() {
        if (!loop.isWakeupPending()) {
            loop.wakeupPending(true);
            loop.wakeup();
        }
    }

    /** Forgets a wake-up: whatever it was for is looked at after this. */
    public void clearWakeup() {
        if (loop.isWakeupPending()) {
            loop.wakeupPending(false);
        }
    }

    /** Takes no connections any more. */
    @SuppressWarnings("FutureReturnValueIgnored") // a listener that cannot be closed is closed with the event loop
    public void stopListening() {
        if (server != null) {
            server.close();
        }
    }

    /** Closes everything at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // waited for by asking whether it has terminated
    public void stop() {
        if (handshakes != null) {
            handshakes.shutdownNow();
        }
        stopListening();
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }

    /** Where it listens. */
    public InetSocketAddress boundAddress() {
        return boundAddress;
    }

    /** Connections that are open, closing ones included. */
    public int connections() {
        return connections;
    }

    /** Whether epoll is in use. */
    public boolean isNative() {
        return epoll;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writing thread
    Session onConnected(final TcpConnection connection) {
        connections++;
        counters.increment(GatewayCounter.CONNECTIONS);
        final InetSocketAddress remote =
                (InetSocketAddress) connection.channel().remoteAddress();
        final String key = remote == null ? "unknown" : AddressBook.key(remote.getAddress());
        return hub.connect(connection, key, connections);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writing thread
    void onDisconnected() {
        connections--;
        counters.decrement(GatewayCounter.CONNECTIONS);
    }

    void onDirty(final TcpConnection connection) {
        dirty.add(connection);
    }

    UnsentConnections unsent() {
        return unsent;
    }

    void onClosing(final TcpConnection connection) {
        closing.add(connection);
        EpollOptions.lastBytes(connection.channel(), settings);
    }

    long closeDeadlineNs() {
        return nanoClock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.lingerMs());
    }

    void onUnexpected(final Throwable cause) {
        counters.increment(GatewayCounter.UNEXPECTED);
        unexpected.accept(cause);
    }

    /** A connection ends by it. */
    void onException(final Throwable cause) {
        if (cause instanceof IOException) {
            counters.increment(GatewayCounter.CONNECTION_ERRORS);
        } else if (cause instanceof DecoderException) {
            // TLS alone decodes here: a handshake that failed, or bytes that are not TLS.
            counters.increment(GatewayCounter.MALFORMED);
        } else if (cause instanceof OutOfMemoryError) {
            counters.increment(GatewayCounter.BUFFERS_REFUSED);
        } else {
            onUnexpected(cause);
        }
    }

    PartialFrames partials() {
        return partials;
    }

    BufferBudget buffers() {
        return hub.buffers();
    }

    GatewayCounters counters() {
        return counters;
    }
}
