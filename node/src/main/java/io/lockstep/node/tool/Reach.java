package io.lockstep.node.tool;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.cli.Unreached;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Watches over how long a node is out of reach, says so once on standard error, and gives up in the end. One thread;
 * time is an argument.
 */
final class Reach {
    private final HostPort node;
    private final PrintStream err;
    private final Path tlsTrust;
    private final long firstSeconds;
    private final long againSeconds;
    private long lostSinceNs = Long.MIN_VALUE;
    private boolean everReached;
    private boolean told;
    private String reason = "no answer yet";

    /**
     * A watch.
     *
     * @param node where it should listen
     * @param err is told when it is out of reach
     * @param tlsTrust what is trusted, or null where TLS is not spoken
     * @param firstSeconds how long to try before the first contact
     * @param againSeconds how long to try after it
     */
    Reach(
            final HostPort node,
            final PrintStream err,
            final Path tlsTrust,
            final long firstSeconds,
            final long againSeconds) {
        this.tlsTrust = tlsTrust;
        this.node = node;
        this.err = err;
        this.firstSeconds = firstSeconds;
        this.againSeconds = againSeconds;
    }

    /** The node answered. */
    void onReached() {
        everReached = true;
        told = false;
        lostSinceNs = Long.MIN_VALUE;
    }

    /**
     * A connection ended or could not be made.
     *
     * @param why for people
     */
    void onLost(final String why) {
        reason = why;
        if (!told && !isFinal()) {
            told = true;
            err.println(waiting(node, why, patienceSeconds()));
        }
    }

    /**
     * What is said while a node is out of reach.
     *
     * @param node where it should listen
     * @param why for people
     * @param seconds how long is waited at most
     * @return one line
     */
    static String waiting(final HostPort node, final String why, final long seconds) {
        return "lockstep: waiting for " + node + " (" + why + "), up to " + seconds + " s";
    }

    /**
     * Whether the node ever answered.
     *
     * @return false until a connection stood
     */
    boolean everReached() {
        return everReached;
    }

    /**
     * Looks whether to give up.
     *
     * @param connected whether any connection to the node stands
     * @param nowNs the monotonic clock
     * @throws CliException when the node was out of reach for too long
     */
    void check(final boolean connected, final long nowNs) {
        if (connected) {
            onReached();
            return;
        }
        if (isFinal()) {
            throw Unreached.certificate(node, tlsTrust, reason);
        }
        if (lostSinceNs == Long.MIN_VALUE) {
            lostSinceNs = nowNs;
        }
        if (nowNs - lostSinceNs > TimeUnit.SECONDS.toNanos(patienceSeconds())) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "no node answered at " + node + " for " + patienceSeconds() + " s (" + reason + ")"
                            + Unreached.hint(reason, tlsTrust != null || everReached) + " (see --retry-seconds)");
        }
    }

    private boolean isFinal() {
        return tlsTrust != null && Unreached.isCertificate(reason);
    }

    private long patienceSeconds() {
        return everReached ? againSeconds : firstSeconds;
    }
}
