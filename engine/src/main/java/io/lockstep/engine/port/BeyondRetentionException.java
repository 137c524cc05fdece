package io.lockstep.engine.port;

/** A reader asked for what the journal has given up meanwhile. Whoever reads must start over from a snapshot. */
public final class BeyondRetentionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A reason.
     *
     * @param message names the position or the file
     */
    public BeyondRetentionException(final String message) {
        super(message);
    }
}
