package io.lockstep.client.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes engines for TLS 1.3 that trust the certificates of a PEM file, or those of the system. */
public final class TlsEngines {
    private static final String PROTOCOL = "TLSv1.3";

    private final SSLContext context;

    /**
     * Reads the certificates.
     *
     * @param trustPem one or more certificates, or null for those of the system
     * @throws IllegalArgumentException if the file cannot be read or holds no certificate
     */
    public TlsEngines(final Path trustPem) {
        try {
            context = SSLContext.getInstance(PROTOCOL);
            context.init(null, trustPem == null ? null : trustManagers(trustPem), null);
        } catch (final IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("certificates to trust cannot be read: trustPem=" + trustPem, e);
        }
    }

    /**
     * An engine for one connection; it checks that the certificate carries the name.
     *
     * @param serverName name or literal address
     * @param port of the node
     * @return in client mode
     */
    public SSLEngine engine(final String serverName, final int port) {
        final SSLEngine engine = context.createSSLEngine(serverName, port);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static TrustManager[] trustManagers(final Path trustPem) throws IOException, GeneralSecurityException {
        final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(trustPem)) {
            int index = 0;
            for (final Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + index, certificate);
                index++;
            }
        }
        if (store.size() == 0) {
            throw new GeneralSecurityException("no certificate in the file");
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
