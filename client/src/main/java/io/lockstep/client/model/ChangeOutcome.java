package io.lockstep.client.model;

/** What became of one change or migration; the constants stand in the order of their codes. */
public enum ChangeOutcome {
    /** It is in force. */
    APPLIED,
    /** A newer one stands. */
    SUPERSEDED,
    /** The same was there already. */
    DUPLICATE,
    /** The row is deleted. */
    BLOCKED,
    /** Older than the prune mark: it cannot be judged any more. */
    TOO_LATE,
    /** The principal may not write as this site. */
    NOT_AUTHOR;

    private static final ChangeOutcome[] BY_CODE = values();

    /**
     * The outcome of a code of the protocol.
     *
     * @param code 0 to 5
     * @return the outcome
     * @throws IllegalArgumentException if there is no such outcome
     */
    public static ChangeOutcome of(final int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no such outcome: code=" + code);
        }
        return BY_CODE[code];
    }
}
