package io.lockstep.gateway.session;

/**
 * Where a session stands.
 *
 * <pre>
 *   CONNECTED ── Hello ──▶ AUTHENTICATED ── OpenDatabase ──▶ OPENING ── DatabaseOpened ──▶ OPEN
 *                             ▲     │                          │  │                         │
 *                             │     │          Error           │  │                         │
 *                             └─────┼──────────────────────────┘  │                         │
 *                                   ▼            Close            ▼                         ▼
 *                                CLOSING ◀────────────────────────┴─────────────────────────┘
 *                                   │  everything in flight is answered
 *   any state ── error, end ──▶  CLOSED
 * </pre>
 */
public enum SessionState {
    /** Nobody yet. */
    CONNECTED,
    /** Known, without a database. */
    AUTHENTICATED,
    /** The ring has its OpenDatabase. */
    OPENING,
    /** Bound to its one database. */
    OPEN,
    /** The client asked to close; answers in flight are still sent. */
    CLOSING,
    /** Over; whatever comes is ignored. */
    CLOSED;

    /**
     * Whether a session may go from here to there.
     *
     * @param next where to
     * @return true if so
     */
    public boolean mayBecome(final SessionState next) {
        switch (this) {
            case CONNECTED:
                return next == AUTHENTICATED || next == CLOSED;
            case AUTHENTICATED:
                return next == OPENING || next == CLOSING || next == CLOSED;
            case OPENING:
                return next == OPEN || next == AUTHENTICATED || next == CLOSING || next == CLOSED;
            case OPEN:
                return next == CLOSING || next == CLOSED;
            case CLOSING:
                return next == CLOSED;
            case CLOSED:
            default:
                return false;
        }
    }
}
