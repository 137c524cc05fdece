package io.lockstep.gateway.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.epoll.EpollChannelOption;

/** What the kernel is told of connections where it can be told. */
final class EpollOptions {
    private EpollOptions() {}

    static void set(final ServerBootstrap bootstrap, final TcpSettings settings) {
        bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, settings.userTimeoutMs());
        // By itself the kernel takes far more than a client that reads slowly wants soon, and then nothing until a good
        // part of it is gone: so long that the client looks as if it took nothing, and is ended for it.
        bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, settings.outboundBytesMax() / 2L);
    }
}
