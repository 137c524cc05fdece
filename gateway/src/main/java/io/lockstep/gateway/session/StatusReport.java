package io.lockstep.gateway.session;

/** Takes the named values of a status. */
public interface StatusReport {
    /**
     * A number.
     *
     * @param name stable, at most 255 bytes
     * @param value the number
     */
    void value(String name, long value);

    /**
     * A text.
     *
     * @param name stable, at most 255 bytes
     * @param text at most 1,024 bytes
     */
    void text(String name, String text);
}
