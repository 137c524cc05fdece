package io.lockstep.node.tool.bench;

/** The measurement cannot go on; the message is for people. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * A reason.
     *
     * @param message says what happened, with the values
     */
    public BenchException(final String message) {
        this(message, false);
    }

    /**
     * A reason.
     *
     * @param message says what happened, with the values
     * @param refused whether the node refused the token or the operation
     */
    BenchException(final String message, final boolean refused) {
        super(message);
        this.refused = refused;
    }

    /**
     * Whether the node refused the token or the operation.
     *
     * @return false for everything else
     */
    public boolean isRefused() {
        return refused;
    }

    /**
     * A reason with a cause.
     *
     * @param message says what happened, with the values
     * @param cause from below
     */
    public BenchException(final String message, final Throwable cause) {
        super(message, cause);
        refused = false;
    }
}
