package io.lockstep.node.tool;

import io.lockstep.client.ClientContext;
import io.lockstep.client.TlsOptions;
import io.lockstep.codec.ErrorCode;
import io.lockstep.node.cli.BuildVersion;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.Credentials;
import io.lockstep.node.cli.HostPort;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that every command that talks to a node takes. Filled by picocli. */
public final class ConnectionOptions {
    /** How long a command tries to reach a node that it never reached, unless told otherwise, seconds. */
    static final long FIRST_CONTACT_SECONDS = 10;

    /** How long a command tries to reach a node again, unless told otherwise, seconds. */
    static final long RETRY_SECONDS = 60;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Bearer token, where the node asks for one (default: LOCKSTEP_TOKEN of the environment,"
                    + " which the list of processes does not show).")
    private String token = "";

    @Option(
            names = "--tls-trust",
            paramLabel = "FILE",
            description = "Speak TLS 1.3 and trust these certificates (PEM).")
    private Path tlsTrust;

    @Option(
            names = "--retry-seconds",
            paramLabel = "N",
            description = "Try this long to reach a node that does not answer (default: 10 at the start, 60 later).")
    private Long retrySeconds;

    /** For picocli. */
    public ConnectionOptions() {}

    /**
     * A client's configuration.
     *
     * @param node where the node listens
     * @param command who asks, for the node's log
     * @return not concluded
     */
    ClientContext context(final HostPort node, final String command) {
        final ClientContext context = new ClientContext()
                .addresses(node.toString())
                .token(token())
                .clientName("lockstep-" + command + " " + BuildVersion.version())
                .suspectLosses(0)
                .backoffMs(50, 1_000);
        return tlsTrust == null ? context : context.tls(TlsOptions.trusting(Credentials.trust(tlsTrust)));
    }

    private String token() {
        return Credentials.token(token, System.getenv());
    }

    /**
     * The way a command ends after a refusal.
     *
     * @param doing what was tried
     * @param code of the refusal
     * @param text for people
     * @return to be thrown
     */
    CliException refused(final String doing, final int code, final String text) {
        final boolean noToken = code == ErrorCode.AUTHENTICATION_FAILED.value() && token().isEmpty();
        return Refusals.of(doing, code, noToken ? Credentials.NO_TOKEN : text);
    }

    /**
     * Watches over how long the node is out of reach.
     *
     * @param node where the node listens
     * @param err is told when it is
     * @return a new watch
     */
    Reach reach(final HostPort node, final PrintStream err) {
        return new Reach(
                node,
                err,
                tlsTrust,
                retrySeconds == null ? FIRST_CONTACT_SECONDS : retrySeconds,
                retrySeconds == null ? RETRY_SECONDS : retrySeconds);
    }
}
