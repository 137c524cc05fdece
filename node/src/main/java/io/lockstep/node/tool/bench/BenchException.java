package io.lockstep.node.tool.bench;

/** The measurement cannot go on; the message is for people. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A reason.
     *
     * @param message says what happened, with the values
     */
    public BenchException(final String message) {
        super(message);
    }

    /**
     * A reason with a cause.
     *
     * @param message says what happened, with the values
     * @param cause from below
     */
    public BenchException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
