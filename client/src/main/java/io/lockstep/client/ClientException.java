package io.lockstep.client;

/** A refusal, as the blocking facade throws it: with its code, its delay and the limit that was met. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final long retryAfterMs;
    private final long limitValue;
    private final long actualValue;
    private final String text;

    /**
     * A refusal.
     *
     * @param code see {@link ErrorCodes}
     * @param retryAfterMs for retryable codes: not before
     * @param limitValue the limit, -1 if none
     * @param actualValue what met it, -1 if none
     * @param text for people
     */
    public ClientException(
            final int code, final long retryAfterMs, final long limitValue, final long actualValue, final String text) {
        super(ErrorCodes.name(code) + ": " + text);
        this.code = code;
        this.retryAfterMs = retryAfterMs;
        this.limitValue = limitValue;
        this.actualValue = actualValue;
        this.text = text;
    }

    /**
     * A refusal without delay and limit.
     *
     * @param code see {@link ErrorCodes}
     * @param text for people
     */
    public ClientException(final int code, final String text) {
        this(code, 0, -1, -1, text);
    }

    /**
     * The stable code.
     *
     * @return see {@link ErrorCodes}
     */
    public int code() {
        return code;
    }

    /**
     * The message without the code's name.
     *
     * @return for people
     */
    public String text() {
        return text;
    }

    /**
     * When to try again.
     *
     * @return milliseconds, 0 if nothing was said
     */
    public long retryAfterMs() {
        return retryAfterMs;
    }

    /**
     * The limit that was met.
     *
     * @return -1 if none
     */
    public long limitValue() {
        return limitValue;
    }

    /**
     * The value that met the limit.
     *
     * @return -1 if none
     */
    public long actualValue() {
        return actualValue;
    }
}
