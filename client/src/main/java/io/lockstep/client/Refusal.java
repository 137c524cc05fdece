package io.lockstep.client;

/** Why {@link LockstepClient} did not take a request: the negative values that its methods return. */
public final class Refusal {
    /** No open database now; for a submission, and the client was told not to keep submissions for later. */
    public static final long NOT_CONNECTED = -1;

    /** As many requests are unanswered as the window allows; poll, then try again. */
    public static final long WINDOW_FULL = -2;

    /** The bytes of unanswered submissions fill their buffer; poll, then try again. */
    public static final long BUFFER_FULL = -3;

    /** The client is closed, or failed for good. */
    public static final long CLOSED = -4;

    /** The message is larger than the 256 MiB that the client keeps of change sets that go in parts: it can never be sent. */
    public static final long TOO_LARGE = -5;

    /** Not possible in this state, such as a second subscription. */
    public static final long NOT_ALLOWED = -6;

    private Refusal() {}

    /**
     * For people.
     *
     * @param refusal a negative value
     * @return its name
     */
    public static String name(final long refusal) {
        return switch ((int) refusal) {
            case (int) NOT_CONNECTED -> "NOT_CONNECTED";
            case (int) WINDOW_FULL -> "WINDOW_FULL";
            case (int) BUFFER_FULL -> "BUFFER_FULL";
            case (int) CLOSED -> "CLOSED";
            case (int) TOO_LARGE -> "TOO_LARGE";
            case (int) NOT_ALLOWED -> "NOT_ALLOWED";
            default -> "refusal " + refusal;
        };
    }
}
