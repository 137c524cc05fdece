package io.lockstep.gateway.tcp;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends what is sent; the connection stays only while the other side may still speak. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that cannot be shut down is gone already
final class HalfClose {
    private HalfClose() {}

    static void of(final Channel channel, final boolean inputEnded) {
        if (inputEnded) {
            channel.close();
            return;
        }
        final SslHandler tls = channel.pipeline().get(SslHandler.class);
        final DuplexChannel duplex = (DuplexChannel) channel;
        if (tls == null) {
            duplex.shutdownOutput();
        } else if (channel.isActive()) {
            tls.closeOutbound().addListener(done -> duplex.shutdownOutput());
        }
    }
}
