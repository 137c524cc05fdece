package io.lockstep.node.tool;

import io.lockstep.client.ErrorCodes;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;

/** Turns a node's refusals into exit codes. Stateless. */
final class Refusals {
    private Refusals() {}

    /**
     * The way a command ends after a refusal.
     *
     * @param doing what was tried, such as {@code opening database=a}
     * @param code of the refusal
     * @param text for people
     * @return to be thrown
     */
    static CliException of(final String doing, final int code, final String text) {
        final String name = ErrorCodes.name(code);
        // The client names the code before what the node said, which may begin with it, too.
        final String message = doing + ": "
                + (text.startsWith(name + ": " + name)
                        ? text.substring(name.length() + 2)
                        : text.startsWith(name) ? text : name + ": " + text);
        return new CliException(exitCode(code), message);
    }

    private static ExitCode exitCode(final int code) {
        if (code == ErrorCodes.DIGEST_DIFFERS) {
            return ExitCode.CHECK_FAILED;
        }
        if (code == ErrorCodes.CONNECTION_LOST || code == ErrorCodes.CLIENT_CLOSED) {
            return ExitCode.UNREACHABLE;
        }
        return ExitCode.NODE_REFUSED;
    }
}
