package io.lockstep.node.acceptance;

import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Many sessions of one database that together send at a rate, whatever the node says: each as many change sets unanswered as
 * the node allows. A thread of its own, over raw sockets.
 */
final class NoisyCrowd implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 4_096;
    private static final int OUT_BYTES = 64 * 1024;
    private static final int IN_BYTES = 64 * 1024;
    private static final long FIRST_WALL_MS = 1_600_000_000_000L;
    private static final long STEP_NS = 1_000_000;

    private final List<Member> members = new ArrayList<>();
    private final Selector selector;
    private final Thread thread;
    private volatile int ratePerSecond;
    private volatile boolean ended;
    private volatile long offered;
    private volatile long answered;
    private volatile long refused;
    private volatile long retryMsMost;
    private volatile String refusal = "";
    private volatile Throwable failure;

    private static final class Member {
        private final SocketChannel channel;
        private final byte[] submit;
        private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES).limit(0);
        private final ByteBuffer in = ByteBuffer.allocate(IN_BYTES);
        private long sent;
        private int inFlight;
        private boolean open;

        private Member(final SocketChannel channel, final int number) {
            this.channel = channel;
            submit = RawFrames.submit(1_000 + number, number);
        }
    }

    NoisyCrowd(final String address, final String database, final int sessions) {
        final int colon = address.indexOf(':');
        final InetSocketAddress node =
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        try {
            selector = Selector.open();
            for (int i = 0; i < sessions; i++) {
                final SocketChannel channel = SocketChannel.open(node);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.write(ByteBuffer.wrap(RawFrames.hello(0)));
                channel.write(ByteBuffer.wrap(RawFrames.open(database)));
                channel.configureBlocking(false);
                final Member member = new Member(channel, i);
                channel.register(selector, SelectionKey.OP_READ, member);
                members.add(member);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        thread = new Thread(this::run, "noisy-crowd");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on; 0 for quiet. */
    void rate(final int perSecond) {
        ratePerSecond = perSecond;
        check();
    }

    long offered() {
        return offered;
    }

    long answered() {
        return answered;
    }

    long refused() {
        return refused;
    }

    /** The last one, with its limit and what was asked for. */
    String refusal() {
        return refusal;
    }

    long retryMsMost() {
        return retryMsMost;
    }

    void check() {
        if (failure != null) {
            throw new AssertionError("the crowd failed", failure);
        }
    }

    private void run() {
        try {
            long fromNs = System.nanoTime();
            long due = 0;
            int rate = 0;
            while (!ended) {
                if (rate != ratePerSecond) {
                    rate = ratePerSecond;
                    fromNs = System.nanoTime();
                    due = 0;
                }
                final long wanted = (System.nanoTime() - fromNs) / STEP_NS * rate / 1_000;
                due += send((int) Math.min(wanted - due, (long) members.size() * IN_FLIGHT_MAX));
                // What finds no room is not sent later: it was due now.
                due = Math.max(due, wanted);
                selector.selectNow(this::receive);
                LockSupport.parkNanos(STEP_NS / 2);
            }
        } catch (final IOException | RuntimeException ex) {
            failure = ex;
        }
    }

    private int send(final int count) throws IOException {
        int sent = 0;
        boolean room = true;
        while (sent < count && room) {
            room = false;
            for (final Member member : members) {
                if (sent < count
                        && member.open
                        && member.inFlight < IN_FLIGHT_MAX
                        && member.out.capacity() - member.out.limit() >= member.submit.length) {
                    RawFrames.patch(member.submit, member.inFlight, FIRST_WALL_MS + member.sent++);
                    final int position = member.out.position();
                    member.out.position(member.out.limit()).limit(member.out.capacity());
                    member.out.put(member.submit);
                    member.out.flip().position(position);
                    member.inFlight++;
                    sent++;
                    room = true;
                }
            }
        }
        offered += sent;
        for (final Member member : members) {
            if (member.out.hasRemaining()) {
                member.channel.write(member.out);
                final int left = member.out.remaining();
                member.out.compact().position(0).limit(left);
            }
        }
        return sent;
    }

    private void receive(final SelectionKey key) {
        final Member member = (Member) key.attachment();
        try {
            if (member.channel.read(member.in) < 0) {
                throw new IllegalStateException("the node closed a noisy session; last refusal: " + refusal);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        member.in.flip();
        for (int length = RawFrames.wholeFrame(member.in); length > 0; length = RawFrames.wholeFrame(member.in)) {
            onFrame(member, length);
            member.in.position(member.in.position() + length);
        }
        member.in.compact();
    }

    private void onFrame(final Member member, final int length) {
        switch (RawFrames.templateId(member.in)) {
            case DatabaseOpenedDecoder.TEMPLATE_ID -> member.open = true;
            case SubmitResultDecoder.TEMPLATE_ID -> {
                member.inFlight--;
                answered++;
            }
            case ErrorDecoder.TEMPLATE_ID -> {
                final ErrorDecoder error = new ErrorDecoder();
                error.wrapAndApplyHeader(
                        new UnsafeBuffer(member.in.array(), member.in.position(), length),
                        FrameDescriptor.HEADER_LENGTH,
                        new MessageHeaderDecoder());
                if (error.code() != ErrorCode.RATE_LIMITED) {
                    throw new IllegalStateException("refused: " + error);
                }
                member.inFlight--;
                refused++;
                retryMsMost = Math.max(retryMsMost, error.retryAfterMs());
                refusal = "limit=" + error.limitValue() + ", actual=" + error.actualValue() + ", retryAfterMs="
                        + error.retryAfterMs() + ": " + error.text();
            }
            case HeartbeatDecoder.TEMPLATE_ID, WelcomeDecoder.TEMPLATE_ID -> {}
            default -> throw new IllegalStateException("templateId=" + RawFrames.templateId(member.in));
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
            for (final Member member : members) {
                member.channel.close();
            }
            selector.close();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }
}
