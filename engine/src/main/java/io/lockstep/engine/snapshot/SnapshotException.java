package io.lockstep.engine.snapshot;

/** A snapshot cannot be used: damaged, of another journal, or of a version that this node does not know. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A reason.
     *
     * @param message what is wrong, with values
     */
    public SnapshotException(final String message) {
        super(message);
    }

    /**
     * A reason with a cause.
     *
     * @param message what is wrong, with values
     * @param cause what was met
     */
    public SnapshotException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
