package io.lockstep.gateway;

import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.BootstrapAgent;
import io.lockstep.gateway.session.BootstrapQueues;
import io.lockstep.gateway.session.CatchUpAgent;
import io.lockstep.gateway.session.CatchUpPace;
import io.lockstep.gateway.session.CatchUpQueues;
import io.lockstep.gateway.session.ReaderQueues;
import io.lockstep.gateway.session.SessionContext;
import io.lockstep.gateway.session.SessionHub;
import io.lockstep.gateway.session.UploadExaminer;
import io.lockstep.gateway.session.UploadQueues;
import io.lockstep.gateway.tcp.TcpSettings;
import io.lockstep.gateway.tcp.TcpTransport;
import java.net.InetSocketAddress;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.IdleStrategy;

/**
 * The front door: listens, runs sessions, hands commands to the ring, and sends answers and deliveries. Its duty cycle
 * and its egress callbacks belong to one thread, that of the transports; what any thread may call says so. It starts one
 * thread of its own, which reads the journal for sessions that are behind, and snapshots for those that are new.
 */
public final class Gateway implements Agent, EgressPort {
    /** Milliseconds of a start are the upper bits, so that numbers do not come again after a restart. */
    private static final int SESSION_NUMBERS_SHIFT = 20;

    private final GatewayContext context;
    private final SessionHub hub;
    private final TcpTransport transport;
    private final BackgroundIdleStrategy backgroundIdle;
    private final AgentRunner background;
    private final GatewayIdleStrategy idleStrategy;
    private volatile ShutdownRequest shutdownRequest;
    private volatile boolean draining;
    private volatile boolean closed;

    private record ShutdownRequest(String reason, long reconnectAfterMs) {}

    /**
     * A gateway; it listens from {@link #onStart()}.
     *
     * @param context concluded
     */
    public Gateway(final GatewayContext context) {
        if (!context.isConcluded()) {
            throw new IllegalStateException("the context is not concluded");
        }
        this.context = context;
        final SessionLimits limits = context.limits();
        final int connectionsMax = limits.intValue(SessionLimit.CONNECTIONS_MAX);
        final int frameBytesMax = context.frameLimits().frameBytesMax();
        final ReaderQueues queues = new ReaderQueues(
                new CatchUpQueues(connectionsMax, limits.intValue(SessionLimit.CATCH_UP_CHUNK_BYTES)),
                new BootstrapQueues(connectionsMax, BootstrapAgent.pageBytesMax(frameBytesMax)),
                UploadQueues.create());
        backgroundIdle = new BackgroundIdleStrategy(queues::hasRequests);
        hub = new SessionHub(
                new SessionContext(
                        context.ingress(),
                        context.authenticator(),
                        limits,
                        context.frameLimits(),
                        context.identity(),
                        context.statusSource(),
                        context.space(),
                        context.counters(),
                        context.log()),
                queues,
                backgroundIdle::wakeup,
                (context.epochClock().time() << SESSION_NUMBERS_SHIFT) + 1,
                context.nanoClock().nanoTime(),
                context.epochClock().time());
        transport = new TcpTransport(
                settings(context, limits),
                hub,
                context.counters(),
                context.nanoClock(),
                cause -> hub.log("unexpected", String.valueOf(cause)));
        final CatchUpPace pace =
                new CatchUpPace(limits.value(SessionLimit.CATCH_UP_BYTES_PER_SECOND), context.nanoClock());
        final CatchUpAgent catchUp = new CatchUpAgent(
                queues.catchUp(),
                context.readers(),
                context.committedPosition(),
                this::wakeup,
                context.errorHandler(),
                pace,
                frameBytesMax,
                context.nanoClock());
        background = new AgentRunner(
                backgroundIdle,
                context.errorHandler(),
                null,
                new CompositeAgent(
                        catchUp,
                        bootstrap(queues.bootstrap(), pace),
                        new UploadExaminer(
                                queues.uploads(),
                                context.frameLimits(),
                                limits.intValue(SessionLimit.UPLOAD_BYTES_MAX),
                                this::wakeup),
                        new TokenRefreshAgent(context.authenticator(), context.nanoClock(), this::wakeup)));
        idleStrategy =
                new GatewayIdleStrategy(transport, context.nanoClock(), context.idleSpinNs(), context.idleBlockNs());
    }

    private BootstrapAgent bootstrap(final BootstrapQueues queues, final CatchUpPace pace) {
        return new BootstrapAgent(
                new BootstrapAgent.Parts(
                        queues,
                        context.snapshots(),
                        context.readers(),
                        context.committedPosition(),
                        this::wakeup,
                        context.log()),
                context.checkpointKey(),
                context.identity(),
                context.frameLimits().frameBytesMax(),
                pace,
                context.nanoClock());
    }

    private static TcpSettings settings(final GatewayContext context, final SessionLimits limits) {
        return new TcpSettings(
                context.bindAddress(),
                context.tlsCertificateChain(),
                context.tlsPrivateKey(),
                context.nativeTransport(),
                limits.intValue(SessionLimit.HEARTBEAT_MS) * limits.intValue(SessionLimit.HEARTBEATS_MISSED_MAX),
                limits.intValue(SessionLimit.LINGER_MS),
                limits.intValue(SessionLimit.OUTBOUND_BYTES_MAX));
    }

    @Override
    public void onStart() {
        transport.start();
        AgentRunner.startOnThread(background);
    }

    @Override
    public int doWork() {
        hub.time(context.nanoClock().nanoTime(), context.epochClock().time());
        if (shutdownRequest != null && !draining) {
            transport.stopListening();
            hub.drain(shutdownRequest.reason(), shutdownRequest.reconnectAfterMs());
            draining = true;
        }
        final int work = transport.poll() + hub.doWork();
        return work + transport.flush();
    }

    @Override
    public void onClose() {
        background.close();
        transport.stop();
        closed = true;
    }

    @Override
    public String roleName() {
        return "gateway";
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {
        hub.onCommitted(slot);
    }

    @Override
    public void onBatchEnd() {
        transport.flush();
    }

    /**
     * For the runner of the thread of the transports: polls for a while after the last work, then blocks in the event
     * loop for a bounded time, from which a frame or {@link #wakeup()} wakes it.
     *
     * @return one strategy, for that thread alone
     */
    public IdleStrategy idleStrategy() {
        return idleStrategy;
    }

    /**
     * A thread fit to run the transports: on any other the network library makes its buffers and queue entries anew each
     * time instead of using them again.
     *
     * @param task what it runs
     * @param name of the thread
     * @return a thread that was not started
     */
    public static Thread newThread(final Runnable task, final String name) {
        return TcpTransport.newThread(task, name);
    }

    /** Lets the thread of the transports go on if it idles. Any thread; cheap when it does not. */
    public void wakeup() {
        transport.wakeup();
    }

    /**
     * Where it listens.
     *
     * @return null before it has started; any thread
     */
    public InetSocketAddress boundAddress() {
        return transport.boundAddress();
    }

    /**
     * Says GoAway to all, listens no more, answers what is in flight, and closes. Any thread; returns at once.
     *
     * @param reason for people
     * @param reconnectAfterMs not before, milliseconds
     */
    public void shutdown(final String reason, final long reconnectAfterMs) {
        shutdownRequest = new ShutdownRequest(reason, reconnectAfterMs);
        wakeup();
    }

    /**
     * Whether a shutdown is complete.
     *
     * @return true when no connection is left; any thread
     */
    public boolean isDrained() {
        return closed || (draining && transport.connections() == 0);
    }

    /**
     * Whether the network is driven through epoll.
     *
     * @return false for NIO
     */
    public boolean isNative() {
        return transport.isNative();
    }

    /**
     * What it counts.
     *
     * @return readable by any thread
     */
    public GatewayCounters counters() {
        return context.counters();
    }
}
