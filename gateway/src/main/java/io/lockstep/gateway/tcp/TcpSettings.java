package io.lockstep.gateway.tcp;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where and how to listen.
 *
 * @param bindAddress port 0 picks one
 * @param tlsCertificateChain PEM file, or null for plain TCP
 * @param tlsPrivateKey PEM file, or null for plain TCP
 * @param nativeTransport whether to use epoll where it is there
 * @param userTimeoutMs TCP_USER_TIMEOUT: unacknowledged data older than this ends a connection (epoll only)
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
        int outboundBytesMax) {}
