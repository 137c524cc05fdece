package io.lockstep.gateway.tcp;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;

/** Looks whether a certificate chain and a private key can be used, and belong together, and serves with them. Stateless. */
public final class TlsFiles {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final byte[] PROBE = "lockstep".getBytes(StandardCharsets.US_ASCII);

    private TlsFiles() {}

    /**
     * Checks both files: a renewed certificate beside an old key would be found by the clients only.
     *
     * @param certificateChain PEM, the node's own certificate first
     * @param privateKey PEM, PKCS#8 without a password
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static void check(final Path certificateChain, final Path privateKey) {
        final PublicKey publicKey = publicKey(certificateChain);
        final PrivateKey key = privateKey(privateKey, publicKey.getAlgorithm());
        try {
            final Signature signature = Signature.getInstance(signatureOf(publicKey.getAlgorithm()));
            signature.initSign(key);
            signature.update(PROBE);
            final byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            if (signature.verify(signed)) {
                return;
            }
        } catch (final GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key cannot be used with the certificate: certificate=" + certificateChain + ", key="
                            + privateKey + ": " + e.getMessage(),
                    e);
        }
        throw new IllegalArgumentException("the certificate and the key do not belong together: certificate="
                + certificateChain + ", key=" + privateKey);
    }

    /**
     * Checks both files, and makes what serves TLS 1.3 with them.
     *
     * @param certificateChain PEM, the node's own certificate first
     * @param privateKey PEM, PKCS#8 without a password
     * @return a context for any number of connections
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    static SslContext context(final Path certificateChain, final Path privateKey) {
        check(certificateChain, privateKey);
        try {
            return SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .build();
        } catch (final IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the certificate or its key cannot be used: certificate=" + certificateChain + ", key=" + privateKey
                            + ": " + e.getMessage(),
                    e);
        }
    }

    private static PublicKey publicKey(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            final Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("the file holds no certificate: certificate=" + file);
            }
            return chain.iterator().next().getPublicKey();
        } catch (final IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificate cannot be read: certificate=" + file + ": " + e, e);
        }
    }

    private static PrivateKey privateKey(final Path file, final String algorithm) {
        try {
            final String pem = Files.readString(file, StandardCharsets.US_ASCII);
            final int begin = pem.indexOf(KEY_BEGIN);
            final int end = pem.indexOf(KEY_END);
            if (begin < 0 || end < begin) {
                throw new IllegalArgumentException("the file holds no PKCS#8 key without a password (" + KEY_BEGIN
                        + "); 'openssl pkcs8 -topk8 -nocrypt' makes one: key=" + file);
            }
            final byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (final IOException e) {
            throw new IllegalArgumentException("the key cannot be read: key=" + file + ": " + e, e);
        } catch (final GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key is not of the certificate's kind: key=" + file + ", kind=" + algorithm + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static String signatureOf(final String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            default -> algorithm; // Ed25519, Ed448 and RSASSA-PSS name their signature
        };
    }
}
