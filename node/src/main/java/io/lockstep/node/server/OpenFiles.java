package io.lockstep.node.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;

/**
 * Keeps connections from taking the file descriptors that the journal needs: a node that cannot open its next journal
 * file must stop. Stateless.
 */
final class OpenFiles {
    /** For the journal and its readers, libraries, metrics, and connections that are being refused. */
    static final int RESERVED = 384;

    private static final int CONNECTIONS_LEAST = 16;

    private OpenFiles() {}

    /** What the process may open, or no limit where that is not known. */
    static long max() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /**
     * How many connections fit.
     *
     * @param connectionsMax as configured
     * @param filesMax what the process may open
     * @param log is told when it has to be fewer
     * @return at most {@code connectionsMax}
     * @throws CliException if hardly any fits
     */
    static long connections(final long connectionsMax, final long filesMax, final Logger log) {
        final long fit = filesMax - RESERVED;
        if (connectionsMax <= fit) {
            return connectionsMax;
        }
        final String why = "connections-max=" + connectionsMax + " does not fit into the open files of the process: "
                + "openFilesMax=" + filesMax + ", reservedForTheJournal=" + RESERVED
                + "; raise the limit (ulimit -n, LimitNOFILE)";
        if (fit < CONNECTIONS_LEAST) {
            throw new CliException(ExitCode.CONFIG, why);
        }
        log.warn("{}; at most {} connections are taken", why, fit);
        return fit;
    }
}
