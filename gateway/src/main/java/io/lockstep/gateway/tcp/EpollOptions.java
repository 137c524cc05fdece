package io.lockstep.gateway.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;

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
}
