package io.lockstep.node.server;

/** Takes the values of a status, one by one. */
interface StatusValues {
    /** What a number does. */
    enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Only goes up. */
        COUNTER
    }

    /**
     * A number.
     *
     * @param name lower case with underscores
     * @param kind what it does
     * @param help one phrase
     * @param value the number
     */
    void number(String name, Kind kind, String help, long value);

    /**
     * A text.
     *
     * @param name lower case with underscores
     * @param text short
     */
    void text(String name, String text);
}
