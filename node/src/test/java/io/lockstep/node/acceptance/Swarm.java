package io.lockstep.node.acceptance;

import io.lockstep.client.wire.Backoff;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A process of its own that keeps many sessions open with heartbeats, and comes back as the client library does when it
 * loses one. Prints how many are open, a line each tenth of a second, and ends with its standard input.
 */
final class Swarm {
    /** As the client library does by default. */
    private static final long BACKOFF_MIN_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long BACKOFF_MAX_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long REPORT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int STARTED_AT_ONCE_MAX = 64;

    private final Selector selector = Selector.open();
    private final InetSocketAddress node;
    private final PriorityQueue<Member> attempts =
            new PriorityQueue<>(Comparator.comparingLong(member -> member.dueNs));
    private final ArrayDeque<Member> beats = new ArrayDeque<>();
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    private final byte[] heartbeat = RawFrames.heartbeat(1, false);
    private final byte[] echo = RawFrames.heartbeat(1, true);
    private final TreeMap<String, Integer> errors = new TreeMap<>();
    private int open;
    private long lost;
    private long failed;
    private long refused;

    private static final class Member {
        private final InetSocketAddress source;
        private final byte[] opening;
        private final Backoff backoff;
        private SocketChannel channel;
        private long dueNs;
        private long beatNs;
        private long heartbeatNs;
        private long notBeforeNs;
        private boolean open;
        private boolean beating;
        private byte[] partial = new byte[0];

        private Member(final InetSocketAddress source, final byte[] opening, final long seed) {
            this.source = source;
            this.opening = opening;
            backoff = new Backoff(BACKOFF_MIN_NS, BACKOFF_MAX_NS, seed);
        }
    }

    private Swarm(
            final int port,
            final int sessions,
            final String prefix,
            final int databases,
            final int network,
            final int addresses)
            throws IOException {
        node = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        final byte[] hello = RawFrames.hello(0);
        final long nowNs = System.nanoTime();
        for (int i = 0; i < sessions; i++) {
            final byte[] openDatabase = RawFrames.open(prefix + i % databases);
            final byte[] opening = new byte[hello.length + openDatabase.length];
            System.arraycopy(hello, 0, opening, 0, hello.length);
            System.arraycopy(openDatabase, 0, opening, hello.length, openDatabase.length);
            final byte[] source = {127, (byte) network, 0, (byte) (1 + i % addresses)};
            final Member member = new Member(
                    new InetSocketAddress(InetAddress.getByAddress(source), 0), opening, network * 1_000_003L + i);
            // All at once would be a storm that no fleet is: the first time they come over a few seconds.
            member.dueNs = nowNs + i * 500_000L;
            attempts.add(member);
        }
    }

    /** Port of the node, sessions, what the databases are called, how many there are, second byte of the addresses they come from, number of those. */
    public static void main(final String[] args) throws IOException {
        final Swarm swarm = new Swarm(
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                args[2],
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]));
        final Thread end = new Thread(Swarm::exitWithInput, "end");
        end.setDaemon(true);
        end.start();
        swarm.run();
    }

    private static void exitWithInput() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (final IOException ex) {
            System.err.println("no standard input: " + ex);
        }
        System.exit(0);
    }

    private void run() throws IOException {
        long reportNs = System.nanoTime();
        while (true) {
            final long nowNs = System.nanoTime();
            for (int i = 0; i < STARTED_AT_ONCE_MAX && !attempts.isEmpty() && nowNs - attempts.peek().dueNs >= 0; i++) {
                connect(attempts.poll());
            }
            while (!beats.isEmpty() && nowNs - beats.peek().beatNs >= 0) {
                beat(beats.poll(), nowNs);
            }
            selector.select(this::onReady, 1);
            if (nowNs - reportNs >= REPORT_NS) {
                reportNs = nowNs;
                System.out.println("open=" + open + " lost=" + lost + " failed=" + failed + " refused=" + refused
                        + " errors=" + errors);
            }
        }
    }

    private void connect(final Member member) {
        try {
            member.channel = SocketChannel.open();
            member.channel.configureBlocking(false);
            member.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            member.channel.bind(member.source);
            if (member.channel.connect(node)) {
                onConnected(member.channel.register(selector, SelectionKey.OP_READ, member));
            } else {
                member.channel.register(selector, SelectionKey.OP_CONNECT, member);
            }
        } catch (final IOException ex) {
            onEnd(member);
        }
    }

    private void onReady(final SelectionKey key) {
        final Member member = (Member) key.attachment();
        try {
            if (key.isConnectable()) {
                member.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                onConnected(key);
            } else if (key.isReadable()) {
                receive(member);
            }
        } catch (final IOException ex) {
            onEnd(member);
        }
    }

    private void onConnected(final SelectionKey key) throws IOException {
        final Member member = (Member) key.attachment();
        member.channel.write(ByteBuffer.wrap(member.opening));
    }

    private void receive(final Member member) throws IOException {
        in.clear().put(member.partial);
        if (member.channel.read(in) < 0) {
            onEnd(member);
            return;
        }
        in.flip();
        for (int length = RawFrames.wholeFrame(in); length > 0; length = RawFrames.wholeFrame(in)) {
            onFrame(member, length);
            in.position(in.position() + length);
        }
        member.partial = new byte[in.remaining()];
        in.get(member.partial);
    }

    private void onFrame(final Member member, final int length) throws IOException {
        final UnsafeBuffer frame = new UnsafeBuffer(in.array(), in.position(), length);
        final int offset = FrameDescriptor.HEADER_LENGTH;
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        switch (RawFrames.templateId(in)) {
            case WelcomeDecoder.TEMPLATE_ID -> {
                final WelcomeDecoder welcome = new WelcomeDecoder().wrapAndApplyHeader(frame, offset, header);
                member.heartbeatNs = TimeUnit.MILLISECONDS.toNanos(welcome.heartbeatMs());
            }
            case DatabaseOpenedDecoder.TEMPLATE_ID -> onOpen(member);
            case HeartbeatDecoder.TEMPLATE_ID -> {
                if (new HeartbeatDecoder()
                                .wrapAndApplyHeader(frame, offset, header)
                                .reply()
                        == 0) {
                    member.channel.write(ByteBuffer.wrap(echo));
                }
            }
            case GoAwayDecoder.TEMPLATE_ID -> {
                final GoAwayDecoder goAway = new GoAwayDecoder().wrapAndApplyHeader(frame, offset, header);
                final long jitterNs = member.backoff.randomNs(TimeUnit.MILLISECONDS.toNanos(goAway.jitterMs()));
                member.notBeforeNs =
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(goAway.reconnectAfterMs()) + jitterNs;
            }
            case ErrorDecoder.TEMPLATE_ID -> {
                final ErrorDecoder error = new ErrorDecoder().wrapAndApplyHeader(frame, offset, header);
                refused++;
                final long afterNs = TimeUnit.MILLISECONDS.toNanos(error.retryAfterMs());
                errors.merge(error.code().name(), 1, Integer::sum);
                if (afterNs > 0) {
                    member.notBeforeNs = System.nanoTime() + afterNs + member.backoff.randomNs(afterNs / 4);
                }
            }
            default -> {}
        }
    }

    private void onOpen(final Member member) {
        member.open = true;
        member.backoff.reset();
        open++;
        if (!member.beating) {
            member.beating = true;
            member.beatNs = System.nanoTime() + member.heartbeatNs / 2;
            beats.add(member);
        }
    }

    private void beat(final Member member, final long nowNs) {
        member.beating = member.open;
        if (!member.open) {
            return;
        }
        try {
            member.channel.write(ByteBuffer.wrap(heartbeat));
        } catch (final IOException ex) {
            onEnd(member);
        }
        member.beatNs = nowNs + member.heartbeatNs / 2;
        beats.add(member);
    }

    private void onEnd(final Member member) {
        try {
            member.channel.close();
        } catch (final IOException ex) {
            throw new IllegalStateException(ex);
        }
        if (member.open) {
            open--;
            lost++;
        } else {
            failed++;
        }
        member.open = false;
        member.partial = new byte[0];
        final long nowNs = System.nanoTime();
        final long backoffNs = member.notBeforeNs == 0 ? member.backoff.nextDelayNs() : 0;
        member.dueNs = Math.max(nowNs + backoffNs, member.notBeforeNs == 0 ? nowNs : member.notBeforeNs);
        member.notBeforeNs = 0;
        attempts.add(member);
    }
}
