package io.lockstep.gateway.tcp;

import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where and how to listen.
 *
 * @param bindAddress port 0 picks one
 * @param tlsCertificateChain PEM file, or null for plain TCP
 * @param tlsPrivateKey PEM file, or null for plain TCP
 * @param nativeTransport whether to use epoll where it is there
 * @param userTimeoutMs TCP_USER_TIMEOUT: how long the kernel tries to bring the last bytes of a closing connection (epoll
 *     only)
 * @param lingerMs how long a closing connection waits for its client
 * @param outboundBytesMax mark above which a connection counts as full
 */
public record TcpSettings(
        InetSocketAddress bindAddress,
        Path tlsCertificateChain,
        Path tlsPrivateKey,
        boolean nativeTransport,
        int userTimeoutMs,
        int lingerMs,
        int outboundBytesMax) {
    private static final int WAITING_BYTES_MAX = 8_192;

    /**
     * Above the upper mark what is sent is gathered, until less than the lower one waits. A connection that sessions take
     * for full is above it, since one that stops there must be woken.
     */
    WriteBufferWaterMark waterMark() {
        final int high = Math.max(1, Math.min(WAITING_BYTES_MAX, outboundBytesMax - 1));
        return new WriteBufferWaterMark(Math.max(1, high / 2), high);
    }
}
