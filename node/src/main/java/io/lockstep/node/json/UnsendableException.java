package io.lockstep.node.json;

/**
 * A change set that is well formed but that no frame can carry, such as a counter above 65,535 or text that is not
 * Unicode. The message names the line, the field and the reason.
 */
public final class UnsendableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An unsendable set.
     *
     * @param message for the person who wrote the input
     * @param cause what refused it, may be null
     */
    public UnsendableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
