package io.lockstep.node.cli;

import java.nio.file.Path;

/** What it probably means that no node was reached, in the same words for all commands. Stateless. */
public final class Unreached {
    private Unreached() {}

    /**
     * What somebody can do about it.
     *
     * @param reason why the connection ended or could not be made
     * @param tls whether TLS was spoken
     * @return begins with "; ", or is empty
     */
    public static String hint(final String reason, final boolean tls) {
        if (reason.contains("refused") || reason.contains("no answer") || reason.contains("unreachable")) {
            return "; is one running there?";
        }
        // Something took the connection and ended it before a welcome.
        return tls ? "" : "; if it speaks TLS, give --tls-trust FILE";
    }

    /**
     * Whether trying again could only end the same way: the node's certificate is not one that is trusted.
     *
     * @param reason why the connection ended
     * @return true if so
     */
    public static boolean isCertificate(final String reason) {
        return reason.contains("PKIX")
                || reason.contains("No subject alternative")
                || reason.contains("No name matching");
    }

    /**
     * Says that a certificate is not trusted.
     *
     * @param node where the node listens
     * @param trust what is trusted
     * @param reason from the handshake
     * @return to be thrown
     */
    public static CliException certificate(final HostPort node, final Path trust, final String reason) {
        final String what = reason.contains("PKIX")
                ? "the node's certificate is not trusted by " + trust
                : "the node's certificate is for another host: " + LogText.safe(reason);
        return new CliException(ExitCode.UNREACHABLE, "cannot talk to " + node + ": " + what);
    }
}
