package io.lockstep.gateway;

import io.lockstep.gateway.auth.Authenticator;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Secure unless told otherwise: what may be listened for where. */
final class ListenRules {
    private ListenRules() {}

    /** Names the values that do not go together. */
    static void check(
            final InetSocketAddress bindAddress,
            final Authenticator authenticator,
            final Path tlsCertificateChain,
            final Path tlsPrivateKey,
            final boolean plaintextTokensAllowed) {
        if (bindAddress.isUnresolved()) {
            throw new IllegalArgumentException("the address does not resolve: address=" + bindAddress);
        }
        final boolean loopback = bindAddress.getAddress().isLoopbackAddress();
        final boolean tls = tlsCertificateChain != null;
        if (!authenticator.requiresToken() && !loopback) {
            throw new IllegalArgumentException(
                    "without authentication a node listens on a loopback address only: address=" + bindAddress
                            + "; give it tokens, or bind 127.0.0.1");
        }
        if (authenticator.requiresToken() && !loopback && !tls && !plaintextTokensAllowed) {
            throw new IllegalArgumentException("tokens would cross the network in the clear: address=" + bindAddress
                    + ", tls=off; give a certificate and key, or allow plaintext");
        }
        if (tls) {
            readable("certificate chain", tlsCertificateChain);
            readable("private key", tlsPrivateKey);
        }
    }

    private static void readable(final String what, final Path path) {
        if (path == null || !Files.isReadable(path)) {
            throw new IllegalArgumentException("the " + what + " cannot be read: path=" + path);
        }
    }
}
