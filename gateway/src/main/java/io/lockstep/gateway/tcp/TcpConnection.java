package io.lockstep.gateway.tcp;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.Intake;
import io.lockstep.gateway.session.Session;
import io.lockstep.gateway.session.SessionState;
import io.lockstep.gateway.session.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.agrona.DirectBuffer;

/**
 * One TCP connection: cuts frames out of received bytes where they lie, and gathers what is sent in one buffer a duty
 * cycle. Only a frame that is not whole yet, or one that must wait, is kept; never more than the frame limit and one read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure comes through exceptionCaught, or the channel is gone already
final class TcpConnection extends ChannelInboundHandlerAdapter implements Wire {
    private static final int HEADER = FrameDescriptor.HEADER_LENGTH;

    private final TcpTransport transport;
    private final PartialFrames partials;
    private final PartialFrame kept;
    private final FrameView frame = new FrameView();
    private final GatheredFrames gathered = new GatheredFrames();
    private Channel channel;
    private Session session;
    private boolean dirty;
    private boolean unsent;
    private boolean consuming;
    private boolean waiting;
    private boolean closing;
    private boolean inputEnded;
    private long closeDeadlineNs;
    private long countedBytes;

    TcpConnection(final TcpTransport transport) {
        this.transport = transport;
        partials = transport.partials();
        kept = new PartialFrame(partials, this);
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        channel = ctx.channel();
        session = transport.onConnected(this);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        closing = true;
        releaseAll();
        count();
        session.onDisconnected();
        transport.onDisconnected();
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final ByteBuf received = (ByteBuf) message;
        transport.counters().add(GatewayCounter.BYTES_IN, received.readableBytes());
        try {
            if (!closing) {
                onReceived(received);
            }
        } finally {
            received.release();
        }
    }

    private void onReceived(final ByteBuf received) {
        if (kept.isEmpty()) {
            if (!waiting) {
                consume(received);
            }
            if (!closing && received.isReadable() && partials.makeRoom(kept, received.readableBytes())) {
                kept.keep(channel, received);
                count();
            }
        } else if (partials.makeRoom(kept, received.readableBytes())) {
            kept.keep(channel, received);
            consumeKept();
            count();
        }
    }

    private void consumeKept() {
        if (waiting) {
            return;
        }
        final boolean taken = consume(kept.bytes());
        if (closing) {
            kept.release();
        } else {
            kept.settle(taken);
        }
    }

    /** Ends it for what it keeps. */
    void refuse(
            final GatewayCounter counter,
            final ErrorCode code,
            final long limit,
            final long actual,
            final String text) {
        session.onRefused(counter, code, limit, actual, text);
        kept.release();
        count();
    }

    /** Whether the bytes that it keeps wait for the node. */
    boolean isWaiting() {
        return waiting;
    }

    /** Whether its client has shown a valid token. */
    boolean isKnown() {
        return session.state() != SessionState.CONNECTED;
    }

    /** Hands on every whole frame, until one must wait. Returns whether there was one. */
    private boolean consume(final ByteBuf bytes) {
        final int from = bytes.readerIndex();
        consuming = true;
        try {
            while (!closing && bytes.readableBytes() >= HEADER) {
                final int start = bytes.readerIndex();
                final long length = bytes.getUnsignedInt(start);
                final int encodingType = bytes.getUnsignedShort(start + Integer.BYTES);
                if (!FrameView.isFrame(session, length, encodingType) || bytes.readableBytes() < length) {
                    break;
                }
                final Intake intake =
                        session.onFrame(frame.of(bytes, start, (int) length), HEADER, (int) length - HEADER);
                if (intake == Intake.WAIT) {
                    pause();
                    break;
                }
                bytes.skipBytes((int) length);
            }
        } catch (final RuntimeException e) {
            // Not one that a client could cause, as far as we know; it costs that client its connection and no one
            // else.
            transport.onUnexpected(e);
            abort();
        } finally {
            consuming = false;
        }
        return bytes.readerIndex() != from;
    }

    private void pause() {
        waiting = true;
        if (channel.isOpen()) { // else the number of its descriptor may belong to another by now
            channel.config().setAutoRead(false);
        }
    }

    private void readOn() {
        if (channel.isOpen() && !inputEnded) {
            EpollOptions.readOn(channel, () -> !waiting);
        }
    }

    @Override
    public void resume() {
        if (!waiting || closing) {
            return;
        }
        waiting = false;
        if (!kept.isEmpty() && !consuming) {
            kept.restart();
            consumeKept();
        }
        if (!waiting && !closing) {
            readOn();
            if (inputEnded) {
                kept.release();
                session.onInputEnded();
            }
        }
    }

    /** The client has shut down its side and may still read. */
    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (closing && waitingToBeSent() == 0) {
                channel.close();
            } else if (!closing && !(waiting && isKnown())) {
                // A stranger that has hung up holds no place until its wait is over.
                kept.release();
                session.onInputEnded();
            }
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void send(final DirectBuffer buffer, final int offset, final int length) {
        if (closing) {
            return;
        }
        try {
            gathered.add(channel.alloc(), buffer, offset, length);
        } catch (final OutOfMemoryError e) {
            // Of direct memory: it costs the session that is sent to, and never the thread that sends.
            transport.counters().increment(GatewayCounter.BUFFERS_REFUSED);
            abort();
            return;
        }
        if (!dirty) {
            dirty = true;
            transport.onDirty(this);
        }
        count();
    }

    /** Tells the node's budget what changed since the last call. */
    private void count() {
        final long bytes = waitingToBeSent() + kept.heldBytes();
        if (bytes != countedBytes) {
            transport.buffers().add(bytes - countedBytes);
            countedBytes = bytes;
        }
    }

    @Override
    public long pendingBytes() {
        count();
        return waitingToBeSent();
    }

    /** Whether the network has taken everything; asked now and then, until it has. */
    boolean isSent() {
        count();
        unsent = waitingToBeSent() > 0;
        return !unsent;
    }

    private long waitingToBeSent() {
        final ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return gathered.length() + (pending == null ? 0 : pending.totalPendingWriteBytes());
    }

    /** Hands what was gathered to the network. Returns bytes. */
    int flush() {
        dirty = false;
        // While the network has not taken what was handed to it, more is gathered: many small buffers that wait would
        // take
        // many times the memory of their bytes.
        if (gathered.isEmpty() || !channel.isWritable()) {
            return 0;
        }
        final ByteBuf bytes = unsent ? gathered.takeFitting(channel.alloc()) : gathered.take();
        final int length = bytes.readableBytes();
        transport.counters().add(GatewayCounter.BYTES_OUT, length);
        channel.writeAndFlush(bytes, channel.voidPromise());
        count();
        if (!unsent && waitingToBeSent() > 0) {
            unsent = true;
            transport.unsent().add(this);
        }
        if (!closing && channel.isWritable()) {
            session.onWritable();
        }
        return length;
    }

    @Override
    public void close(final String reason) {
        if (closing) {
            return;
        }
        closing = true;
        waiting = false;
        if (!channel.isOpen()) {
            // A write met a reset, in this very turn: that it is inactive is told later.
            releaseAll();
            count();
            return;
        }
        closeDeadlineNs = transport.closeDeadlineNs();
        transport.onClosing(this);
        if (!consuming) {
            kept.release();
        }
        final ByteBuf bytes = gathered.isEmpty() ? Unpooled.EMPTY_BUFFER : gathered.take();
        transport.counters().add(GatewayCounter.BYTES_OUT, bytes.readableBytes());
        channel.writeAndFlush(bytes).addListener(done -> HalfClose.of(channel, inputEnded));
        count();
        // What the client still sends is read and dropped: closing with unread bytes would reset the connection, and
        // take the last answers with it.
        readOn();
    }

    /** Returns true when nothing is left to wait for. */
    boolean closeIfDue(final long nowNs) {
        if (channel.isActive() && nowNs - closeDeadlineNs >= 0) {
            channel.close();
        }
        count();
        return !channel.isOpen();
    }

    void abort() {
        closing = true;
        releaseAll();
        channel.close();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
        if (!closing && channel.isWritable()) {
            if (!gathered.isEmpty() && !dirty) {
                dirty = true;
                transport.onDirty(this);
            }
            session.onWritable();
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        transport.onException(cause);
        abort();
    }

    Channel channel() {
        return channel;
    }

    private void releaseAll() {
        kept.release();
        gathered.release();
    }
}
