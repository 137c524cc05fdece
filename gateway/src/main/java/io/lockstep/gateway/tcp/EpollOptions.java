package io.lockstep.gateway.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.function.BooleanSupplier;

/** What the kernel is told of connections where it can be told. */
final class EpollOptions {
    private static final long UNSENT_BYTES_MAX = 64 << 10;

    private EpollOptions() {}

    static void set(final ServerBootstrap bootstrap, final TcpSettings settings) {
        // By itself the kernel takes far more than a client that reads slowly wants soon, and then nothing until a good
        // part of it is gone: so long that the client looks as if it took nothing, and is ended for it.
        bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX);
    }

    /**
     * The last bytes are on their way. Not before: while the window of a client is smaller than what waits at the head
     * of the queue, the kernel counts the timeout on and on, however steadily the client reads.
     */
    static void lastBytes(final Channel channel, final TcpSettings settings) {
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, settings.userTimeoutMs());
        }
    }

    /**
     * Reads again after a pause. A channel that does not read and whose client has ended its side waits for nothing: Netty
     * takes it out of epoll, does not put it back when it is to read again, and closes it for the error (PR 16689; 4.2.17
     * and 4.2.18 do). Whether it has come to that cannot be asked, so it is registered anew, which forgets only the wish to
     * write.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a channel that cannot be registered is closed by the loop
    static void readOn(final Channel channel, final BooleanSupplier mayRead) {
        if (!(channel instanceof EpollSocketChannel)) {
            channel.config().setAutoRead(true);
            return;
        }
        if (channel.config().isAutoRead()) {
            return;
        }
        final EventLoop loop = channel.eventLoop();
        channel.deregister().addListener(gone -> {
            channel.config().setAutoRead(mayRead.getAsBoolean());
            loop.register(channel).addListener(back -> channel.flush());
        });
    }
}
