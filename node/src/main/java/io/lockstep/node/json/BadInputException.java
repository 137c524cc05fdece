package io.lockstep.node.json;

/** Input that is not what it should be. The message names the line, the field, what stands there and what would be right. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Bad input.
     *
     * @param message for the person who wrote the input
     */
    public BadInputException(final String message) {
        super(message);
    }

    /**
     * Bad input, found by something below.
     *
     * @param message for the person who wrote the input
     * @param cause what found it
     */
    public BadInputException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
