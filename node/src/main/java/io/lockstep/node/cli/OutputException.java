package io.lockstep.node.cli;

import java.io.IOException;

/** What a command has to say could not be written. Not the same as input that cannot be read. */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failed write.
     *
     * @param name what was written to
     * @param cause from the operating system
     */
    OutputException(final String name, final IOException cause) {
        super("cannot write " + name + ": " + cause.getMessage(), cause);
    }

    /**
     * Whether whoever read it has gone, as {@code | head} does: no failure that anybody has to be told of.
     *
     * @return true for a broken pipe
     */
    public boolean isBrokenPipe() {
        return String.valueOf(getMessage()).endsWith("Broken pipe");
    }

    /**
     * Looks for a failed write among the causes of a failure.
     *
     * @param failure any
     * @return null if there is none
     */
    public static OutputException in(final Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof OutputException found) {
                return found;
            }
        }
        return null;
    }
}
