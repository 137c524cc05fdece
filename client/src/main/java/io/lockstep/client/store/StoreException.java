package io.lockstep.client.store;

import java.nio.file.Path;

/** Local storage did not do what it was asked to; the reason says what may be done about it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What went wrong. */
    public enum Reason {
        /** Another process, or another part of this one, has the folder open. */
        LOCKED,
        /** What was on stable storage is not what was written: the folder is left as it is. */
        DAMAGED,
        /** The folder holds something else than was asked for: another database, another site, a later format. */
        DIFFERS,
        /** The disk took no more: nothing was kept of what was asked, what was kept before stands. Free some room and try again. */
        FULL,
        /** A write or a sync failed: what was asked may or may not be kept. Nothing more is taken until it is opened again. */
        FAILED,
        /** As much is waiting as the limit allows. */
        LIMIT,
        /** There is no such entry, or it is not in a state for that. */
        NO_SUCH_ENTRY,
        /** It was closed. */
        CLOSED
    }

    /**
     * A failure.
     *
     * @param reason what went wrong
     * @param text names path, limit and value
     */
    public StoreException(final Reason reason, final String text) {
        this(reason, text, null);
    }

    /**
     * A failure.
     *
     * @param reason what went wrong
     * @param text names path, limit and value
     * @param cause may be null
     */
    public StoreException(final Reason reason, final String text, final Throwable cause) {
        super(reason + ": " + text, cause);
        this.reason = reason;
    }

    static StoreException damaged(final Path file, final long position, final String why) {
        return new StoreException(Reason.DAMAGED, why + ": file=" + file + ", position=" + position);
    }

    /**
     * What went wrong.
     *
     * @return for code
     */
    public Reason reason() {
        return reason;
    }
}
