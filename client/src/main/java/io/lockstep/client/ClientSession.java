package io.lockstep.client;

import io.lockstep.client.wire.Connection;
import io.lockstep.client.wire.Heartbeats;
import io.lockstep.client.wire.InboundBuffer;
import io.lockstep.client.wire.MessageAdapter;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.PlainTransport;
import io.lockstep.client.wire.ProtocolException;
import io.lockstep.client.wire.SessionListener;
import io.lockstep.client.wire.TlsEngines;
import io.lockstep.client.wire.TlsTransport;
import io.lockstep.client.wire.Transport;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.frame.FrameLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The life of a client as a state machine over connections that come and go. One thread.
 *
 * <pre>
 *   WAITING ──▶ CONNECTING ──▶ GREETING ──▶ READY          (transport ready, hello sent; welcome received)
 *      ▲             │             │          │
 *      └─────────────┴─────────────┴──────────┘  lost      any ──▶ CLOSED
 * </pre>
 */
final class ClientSession implements SessionListener {
    private static final long NO_REQUEST = -1;

    private final ClientContext context;
    private final ClientListener listener;
    private final NanoClock clock;
    private final Connection connection;
    private final MessagePublisher publisher;
    private final MessageAdapter adapter;
    private final Conversation conversation;
    private final Reconnection reconnection;
    private final Heartbeats heartbeats = new Heartbeats();
    private final TlsEngines tls;
    private final InboundBuffer.FrameLimit frameLimit = this::frameBytesMax;
    private final InboundBuffer.FrameHandler frameHandler = this::onFrame;
    private State state = State.WAITING;
    private SessionInfo session;
    private int frameBytesMax = FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX;
    private long nowNs;
    private long connectDeadlineNs;
    private long readySinceNs;
    private boolean draining;
    private long drainDeadlineNs;
    private boolean closing;
    private boolean closeSent;
    private long lingerDeadlineNs;
    private long heartbeatNonce;

    ClientSession(
            final ClientContext context,
            final Connection connection,
            final MessagePublisher publisher,
            final Conversation conversation,
            final ClientListener listener) {
        this.context = context;
        this.connection = connection;
        this.publisher = publisher;
        this.conversation = conversation;
        this.listener = listener;
        clock = context.clock();
        nowNs = clock.nanoTime();
        adapter = new MessageAdapter(context.frameBytesMax(), this, conversation, conversation.subscription());
        reconnection = new Reconnection(context);
        tls = context.tls() == null ? null : new TlsEngines(context.tls().trustPem());
    }

    private enum State {
        WAITING,
        CONNECTING,
        GREETING,
        READY,
        CLOSED
    }

    int poll() {
        if (state == State.CLOSED) {
            return 0;
        }
        nowNs = clock.nanoTime();
        conversation.time(nowNs);
        int work = 0;
        try {
            if (state == State.WAITING) {
                work += connectIfDue();
            } else if (state == State.CONNECTING) {
                work += progress();
            }
            if (connection.isReady()) {
                work += receive();
            }
            checkTime();
            if (state == State.READY) {
                work += pump();
            }
            if (connection.isReady() && connection.flush() > 0) {
                heartbeats.sent(nowNs);
                work++;
            }
        } catch (final ProtocolException e) {
            listener.onError(NO_REQUEST, e.code(), 0, -1, -1, e.getMessage());
            lost("protocol violation: " + e.getMessage(), true, false);
        } catch (final IOException e) {
            final String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            lost(what + ", address=" + reconnection.address(), true, false);
        }
        return work;
    }

    void await(final long maxNs) {
        if (state == State.CLOSED) {
            return;
        }
        final long fromNs = clock.nanoTime();
        connection.await(nextDeadlineNs(fromNs + maxNs) - fromNs);
    }

    private long nextDeadlineNs(final long otherwiseNs) {
        long deadlineNs = otherwiseNs;
        switch (state) {
            case WAITING -> deadlineNs = earlier(deadlineNs, reconnection.nextAttemptNs());
            case CONNECTING, GREETING -> deadlineNs = earlier(deadlineNs, connectDeadlineNs);
            default -> deadlineNs = conversation.nextDeadlineNs(heartbeats.nextDeadlineNs(deadlineNs));
        }
        deadlineNs = draining ? earlier(deadlineNs, drainDeadlineNs) : deadlineNs;
        return closing ? earlier(deadlineNs, lingerDeadlineNs) : deadlineNs;
    }

    private int connectIfDue() throws IOException {
        if (closing && conversation.pendingCount() == 0) {
            close("closed");
            return 1;
        }
        if (!reconnection.isDue(nowNs)) {
            return 0;
        }
        state = State.CONNECTING;
        connectDeadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.connectTimeoutMs());
        final HostAndPort address = reconnection.address();
        final InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("unknown host");
        }
        connection.open(transport(address, resolved));
        return 1 + progress();
    }

    private Transport transport(final HostAndPort address, final InetSocketAddress resolved) throws IOException {
        final PlainTransport plain = PlainTransport.connect(resolved);
        if (tls == null) {
            return plain;
        }
        final String serverName = context.tls().serverName();
        return new TlsTransport(plain, tls.engine(serverName == null ? address.host() : serverName, address.port()));
    }

    private int progress() throws IOException {
        final int work = connection.progress();
        if (connection.isReady()) {
            state = State.GREETING;
            publisher.hello(context.requestedHeartbeatMs(), context.sites(), context.clientName(), context.token());
        }
        return work;
    }

    private int receive() throws IOException {
        final int read = connection.receive(frameLimit, frameHandler);
        if (read > 0) {
            heartbeats.received(nowNs);
        }
        return read;
    }

    private int frameBytesMax() {
        return frameBytesMax;
    }

    private boolean onFrame(final DirectBuffer buffer, final int offset, final int length) throws IOException {
        adapter.onMessage(buffer, offset, length);
        return connection.isOpen();
    }

    private void checkTime() throws IOException {
        if (closing && nowNs - lingerDeadlineNs >= 0) {
            close("not everything was answered in time: lingerMs=" + context.lingerMs());
        } else if (state == State.CONNECTING || state == State.GREETING) {
            if (nowNs - connectDeadlineNs >= 0) {
                throw new IOException("no welcome in time: connectTimeoutMs=" + context.connectTimeoutMs());
            }
        } else if (state == State.READY) {
            if (heartbeats.isSilent(nowNs)) {
                throw new IOException("nothing heard from the node: " + heartbeats.silence(nowNs));
            }
            if (heartbeats.isDue(nowNs) && !connection.out().hasRemaining()) {
                heartbeatNonce++;
                publisher.heartbeat(heartbeatNonce, false);
            }
        }
    }

    private int pump() {
        final int work = conversation.pump();
        if (draining && (conversation.isIdle() || nowNs - drainDeadlineNs >= 0)) {
            lost("went away as the node asked", false, false);
        } else if (closing && !closeSent && conversation.isIdle() && conversation.pendingCount() == 0) {
            closeSent = conversation.close() >= 0;
        }
        return work;
    }

    /**
     * The connection is gone, or the attempt failed.
     *
     * @param reason for people
     * @param blame whether what was in flight may be why
     * @param elsewhere whether another address is to be tried first
     */
    private void lost(final String reason, final boolean blame, final boolean elsewhere) {
        if (state == State.CLOSED) {
            return;
        }
        final boolean wasReady = state == State.READY;
        connection.close();
        state = State.WAITING;
        draining = false;
        frameBytesMax = FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX;
        if (wasReady) {
            reconnection.sessionEnded(nowNs, nowNs - readySinceNs, elsewhere);
        } else {
            reconnection.attemptFailed(nowNs);
        }
        conversation.connectionLost(reason, blame && wasReady);
        if (!context.reconnect() || closeSent) {
            close(reason);
        } else if (state == State.WAITING) {
            listener.onDisconnected(reason);
        }
    }

    /** It is over: everything unanswered is reported. */
    void close(final String reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        connection.dispose();
        conversation.end(reason);
        listener.onDisconnected(reason);
    }

    void requestClose() {
        if (state != State.CLOSED && !closing) {
            closing = true;
            lingerDeadlineNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(context.lingerMs());
        }
    }

    /** Whether requests that outlive connections are taken: 0, or a refusal. */
    long lastingRefusal() {
        return state == State.CLOSED || closing ? Refusal.CLOSED : 0;
    }

    /** Whether requests of the present connection are taken: 0, or a refusal. */
    long presentRefusal() {
        if (state == State.CLOSED || closing) {
            return Refusal.CLOSED;
        }
        return state != State.READY || draining ? Refusal.NOT_CONNECTED : 0;
    }

    /** Whether submissions are taken: 0, or a refusal. */
    long submitRefusal() {
        if (state == State.CLOSED || closing) {
            return Refusal.CLOSED;
        }
        final boolean open = state == State.READY && !draining && conversation.isOpen();
        return open || context.keepWhileDisconnected() ? 0 : Refusal.NOT_CONNECTED;
    }

    boolean isConnected() {
        return state == State.READY;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    SessionInfo session() {
        return session;
    }

    @Override
    public void onWelcome(final WelcomeDecoder welcome) throws ProtocolException {
        if (state != State.GREETING) {
            throw new ProtocolException(ErrorCode.UNEXPECTED_MESSAGE.value(), "a second Welcome");
        }
        if (welcome.version() > WelcomeDecoder.SCHEMA_VERSION) {
            final String text = "version=" + welcome.version() + ", offered=" + WelcomeDecoder.SCHEMA_VERSION;
            throw new ProtocolException(ErrorCode.VERSION_UNSUPPORTED.value(), text);
        }
        session = SessionInfo.decode(welcome);
        frameBytesMax = (int) Math.max(
                FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX,
                Math.min(context.frameBytesMax(), session.limits().frameBytesMax()));
        heartbeats.start(nowNs, session.heartbeatMs(), session.heartbeatTimeoutMs());
        readySinceNs = nowNs;
        state = State.READY;
        publisher.filtered().version(session.version());
        conversation.start(session.limits(), frameBytesMax);
        listener.onConnected(session);
    }

    @Override
    public void onError(final ErrorDecoder error) {
        final int code = error.codeRaw();
        final boolean ends = ErrorCodes.endsConnection(code)
                || code == ErrorCode.NOT_PRIMARY.value()
                || (error.requestId() == NO_REQUEST && ErrorCodes.turnsAway(code));
        final long retryAfterMs = error.retryAfterMs();
        final String text = ends ? ErrorCodes.name(code) + ": " + error.text() : "";
        error.sbeRewind();
        conversation.onError(error);
        if (!ends || state == State.CLOSED) {
            return;
        }
        if (ErrorCodes.isFatal(code)) {
            close(text);
            return;
        }
        if (retryAfterMs > 0) {
            reconnection.comeBack(nowNs, retryAfterMs, retryAfterMs / 4, "");
        }
        final boolean blame = code <= ErrorCode.UNEXPECTED_MESSAGE.value() || code == ErrorCode.NODE_FAILED.value();
        lost(text, blame, code == ErrorCode.NOT_PRIMARY.value());
    }

    @Override
    public void onHeartbeat(final HeartbeatDecoder heartbeat) {
        if (heartbeat.reply() == 0) {
            publisher.heartbeat(heartbeat.nonce(), true);
        }
    }

    @Override
    public void onClosed() {
        if (closeSent) {
            close("closed");
        } else {
            lost("the node closed the session", false, false);
        }
    }

    @Override
    public void onGoAway(final GoAwayDecoder goAway) {
        draining = true;
        drainDeadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(context.lingerMs());
        conversation.drain();
        final long reconnectAfterMs = goAway.reconnectAfterMs();
        final long jitterMs = goAway.jitterMs();
        final String address = goAway.address();
        final String reason = goAway.reason();
        reconnection.comeBack(nowNs, reconnectAfterMs, jitterMs, address);
        listener.onGoAway(address, reconnectAfterMs, reason);
    }

    private static long earlier(final long aNs, final long bNs) {
        return aNs - bNs <= 0 ? aNs : bNs;
    }
}
