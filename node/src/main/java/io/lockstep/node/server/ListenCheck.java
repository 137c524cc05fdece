package io.lockstep.node.server;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Whether a node will be able to listen, asked before it reads a journal that may take minutes. The port is bound and
 * given back: nobody is accepted, and nothing waits in a queue, before the node is ready.
 */
final class ListenCheck {
    private static final String OTHER = "; choose another ";

    private ListenCheck() {}

    /**
     * Tries an address.
     *
     * @param address resolved; with port 0 there is nothing to try but the host
     * @param flag that sets it
     * @param shown as configured
     * @throws CliException with BIND_FAILED, saying why
     */
    static void check(final InetSocketAddress address, final String flag, final String shown) {
        // A socket that is bound and not listening: the kernel refuses connections to it.
        try (Socket trial = new Socket()) {
            trial.setReuseAddress(true);
            trial.bind(address);
        } catch (final IOException e) {
            throw new CliException(ExitCode.BIND_FAILED, why(flag, shown, String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * What to do about it. The operating system's own words come with class names and numbers of errors.
     *
     * @param flag that sets the address
     * @param shown as configured
     * @param reason the operating system's
     * @return one line
     */
    static String why(final String flag, final String shown, final String reason) {
        final String start = "cannot listen on " + shown + ": ";
        if (reason.contains("already in use")) {
            return start + "address already in use" + OTHER + flag + " or stop the other process";
        }
        if (reason.contains("assign requested address")) {
            return start + "not an address of this machine" + OTHER + flag;
        }
        if (reason.contains("ermission denied")) {
            return start + "this user may not listen on that port" + OTHER + flag;
        }
        return reason.startsWith("cannot listen") ? reason : start + reason;
    }
}
