package io.lockstep.node.cli;

/** A command cannot go on for a reason that its user can understand: printed as one line, without a stack trace. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /**
     * A reason.
     *
     * @param exitCode what the process exits with
     * @param message says what is wrong and what would be right
     */
    public CliException(final ExitCode exitCode, final String message) {
        this(exitCode, message, null);
    }

    /**
     * A reason with a cause.
     *
     * @param exitCode what the process exits with
     * @param message says what is wrong and what would be right
     * @param cause may be null
     */
    public CliException(final ExitCode exitCode, final String message, final Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * What the process exits with.
     *
     * @return the code
     */
    public ExitCode exitCode() {
        return exitCode;
    }
}
