package io.lockstep.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;

/** What a command shows to a node, and what it trusts of one. Stateless. */
public final class Credentials {
    /** Where a token is taken from when no flag gives it: other users see a command line in the list of processes. */
    public static final String TOKEN_ENVIRONMENT_NAME = "LOCKSTEP_TOKEN";

    /** What a node's refusal means to somebody who gave no token. */
    public static final String NO_TOKEN =
            "no token was given; set " + TOKEN_ENVIRONMENT_NAME + " in the environment, or give --token";

    private static final String TRUST_FLAG = "--tls-trust";

    private Credentials() {}

    /**
     * The token to show.
     *
     * @param flag as given on the command line, empty if it was not
     * @param environment names and values
     * @return empty if there is none
     */
    public static String token(final String flag, final Map<String, String> environment) {
        return flag.isEmpty() ? environment.getOrDefault(TOKEN_ENVIRONMENT_NAME, "") : flag;
    }

    /**
     * Looks whether certificates can be trusted, before anything is connected.
     *
     * @param file PEM
     * @return file
     * @throws CliException with {@link ExitCode#USAGE} when it cannot be read or holds no certificate
     */
    public static Path trust(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (!CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty()) {
                return file;
            }
        } catch (final CertificateException e) {
            throw new CliException(ExitCode.USAGE, TRUST_FLAG + ": no PEM certificates in " + file, e);
        } catch (final IOException e) {
            throw new CliException(ExitCode.USAGE, TRUST_FLAG + ": cannot read " + file, e);
        }
        throw new CliException(ExitCode.USAGE, TRUST_FLAG + ": no PEM certificates in " + file);
    }
}
