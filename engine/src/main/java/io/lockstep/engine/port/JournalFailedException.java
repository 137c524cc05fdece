package io.lockstep.engine.port;

/** The journal cannot be written, synced or read back. The node stops acknowledging and exits; nothing is retried. */
public final class JournalFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure; decides the exit code. */
    public enum Kind {
        /** A write or sync was refused by the operating system. */
        IO,
        /** A record at or below the durable position is bad. */
        DAMAGE,
        /** Another process holds the folder. */
        LOCKED,
        /** Written by an incompatible version. */
        FORMAT
    }

    private final Kind kind;

    /**
     * A failure.
     *
     * @param kind its kind
     * @param message with the values, name=value
     * @param cause may be null
     */
    public JournalFailedException(final Kind kind, final String message, final Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * What kind of failure.
     *
     * @return its kind
     */
    public Kind kind() {
        return kind;
    }
}
