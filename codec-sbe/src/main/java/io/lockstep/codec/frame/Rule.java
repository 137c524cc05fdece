package io.lockstep.codec.frame;

/** What a frame can be against. A broken structural rule means that the bytes cannot be read as the protocol at all. */
enum Rule {
    HEADER_TRUNCATED(true, "is shorter than a message header"),
    FRAME_TOO_LONG(true, "is longer than its limit"),
    OTHER_SCHEMA(true, "is another schema"),
    UNKNOWN_TEMPLATE(true, "is no message of the protocol"),
    WRONG_DIRECTION(true, "is not sent in this direction"),
    TRUNCATED(true, "goes beyond the end of its message"),
    SHORT_BLOCK(true, "has a block shorter than the schema's"),
    LONG_BLOCK(true, "has a block longer than the schema's of this version"),
    LEFT_OVER(true, "has bytes left over after its last field"),
    TOO_MANY(false, "has more entries than its limit"),
    TOO_LONG(false, "is longer than its limit"),
    EMPTY(false, "must not be empty"),
    NOT_EMPTY(false, "must be empty"),
    NOT_UTF8(false, "is not valid UTF-8 from the named byte on"),
    NOT_A_NAME(false, "has a byte outside A-Z a-z 0-9 . _ : -"),
    OUT_OF_RANGE(false, "is outside its range"),
    UNKNOWN_BITS(false, "has bits that the protocol does not know"),
    NOT_A_VALUE(false, "is not exactly one value of the value encoding"),
    NOT_VALUES(false, "is not a list of values of the value encoding"),
    NOT_A_KEY(false, "is not a key of the value encoding"),
    MISMATCH(false, "does not agree with the rest of the message");

    private final boolean structural;
    private final String phrase;

    Rule(final boolean structural, final String phrase) {
        this.structural = structural;
        this.phrase = phrase;
    }

    boolean structural() {
        return structural;
    }

    String phrase() {
        return phrase;
    }
}
