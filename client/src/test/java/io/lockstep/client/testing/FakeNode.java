package io.lockstep.client.testing;

import io.lockstep.client.model.Site;
import io.lockstep.codec.CloseDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.SubscribeDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A node that follows a script, polled by the test: one thread drives client and node, so that nothing happens between
 * two steps that the test did not ask for.
 */
public final class FakeNode implements AutoCloseable {
    /** The journal's identity that it tells unless a test changes it. */
    public static final Site INCARNATION = new Site(11, 12);

    private final ServerSocketChannel server;
    private final List<FakePeer> peers = new ArrayList<>();
    private Script script;
    private boolean accepting = true;

    /** What to do with a message. */
    @FunctionalInterface
    public interface Script {
        void onMessage(FakePeer peer, Received message);

        /** A duty cycle of the node begins; peers are used from here and from onMessage only. */
        default void onPoll() {}
    }

    public FakeNode(final Script script) {
        this.script = script;
        try {
            server = ServerSocketChannel.open();
            server.configureBlocking(false);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    public void script(final Script newScript) {
        script = newScript;
    }

    public void accepting(final boolean accept) {
        accepting = accept;
    }

    public void poll() {
        script.onPoll();
        try {
            final SocketChannel accepted = accepting ? server.accept() : null;
            if (accepted != null) {
                accepted.configureBlocking(false);
                peers.add(new FakePeer(accepted));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        for (final FakePeer peer : List.copyOf(peers)) {
            peer.poll(script);
        }
    }

    /** Connections so far. */
    public int connections() {
        return peers.size();
    }

    /** The last connection. */
    public FakePeer peer() {
        return peers.get(peers.size() - 1);
    }

    @Override
    public void close() {
        peers.forEach(FakePeer::disconnect);
        try {
            server.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Welcomes, opens, echoes heartbeats and closes; submissions and subscriptions are left to the test. */
    public static class Polite implements Script {
        public final List<Received> received = new ArrayList<>();
        public final List<Long> submitted = new ArrayList<>();
        public int inFlightMax = 1_024;
        public int frameBytesMax = 1 << 20;
        public int heartbeatMs = 1_000;
        public Site incarnation = INCARNATION;
        public boolean answersHeartbeats = true;
        public boolean acceptsSubmissions;
        public long sequence;

        @Override
        public void onMessage(final FakePeer peer, final Received message) {
            received.add(message);
            switch (message.templateId()) {
                case HelloDecoder.TEMPLATE_ID -> peer.welcome(incarnation, inFlightMax, frameBytesMax, heartbeatMs);
                case OpenDatabaseDecoder.TEMPLATE_ID -> peer.opened(message.requestId(), sequence);
                case HeartbeatDecoder.TEMPLATE_ID -> {
                    if (answersHeartbeats && message.heartbeat().reply() == 0) {
                        peer.heartbeat(message.heartbeat().nonce(), true);
                    }
                }
                case CloseDecoder.TEMPLATE_ID -> peer.closedMessage(message.requestId());
                case SubmitChangeSetDecoder.TEMPLATE_ID -> {
                    submitted.add(message.requestId());
                    if (acceptsSubmissions) {
                        sequence++;
                        peer.result(message.requestId(), SubmitStatus.ACCEPTED, sequence, new byte[] {0});
                    }
                }
                case SubscribeDecoder.TEMPLATE_ID ->
                    peer.subscribed(message.requestId(), message.subscribe().sequence(), sequence, incarnation);
                default -> onOther(peer, message);
            }
        }

        protected void onOther(final FakePeer peer, final Received message) {
            throw new AssertionError("no answer to templateId=" + message.templateId());
        }

        public long countOf(final int templateId) {
            return received.stream()
                    .filter(each -> each.templateId() == templateId)
                    .count();
        }
    }
}
