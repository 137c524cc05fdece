package io.lockstep.client;

import java.nio.file.Path;

/**
 * How to trust a node over TLS 1.3. Immutable.
 *
 * @param trustPem certificates to trust, PEM; null for those of the system
 * @param serverName name that the certificate must carry; null for the host of the address
 */
public record TlsOptions(Path trustPem, String serverName) {
    /**
     * Trusts what the system trusts.
     *
     * @return options
     */
    public static TlsOptions system() {
        return new TlsOptions(null, null);
    }

    /**
     * Trusts the certificates of a file, and no other.
     *
     * @param trustPem PEM, one or more certificates
     * @return options
     */
    public static TlsOptions trusting(final Path trustPem) {
        return new TlsOptions(trustPem, null);
    }
}
