package io.lockstep.engine.arbitration;

/** The Outcome enum of the schema as bytes; no field of a message has that type, so no code is generated for it. */
final class OutcomeCode {
    static final byte APPLIED = 0;
    static final byte SUPERSEDED = 1;
    static final byte DUPLICATE = 2;
    static final byte BLOCKED = 3;
    static final byte TOO_LATE = 4;
    static final byte NOT_AUTHOR = 5;

    private OutcomeCode() {}
}
