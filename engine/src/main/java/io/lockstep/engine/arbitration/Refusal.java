package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;

/** Why a change set was refused. Reused. */
final class Refusal {
    private ErrorCode code;
    private long limitValue;
    private long actualValue;
    private int change = -1;

    /** Sets all of it, no change named; a code of null needs no reason beside the status. */
    Refusal set(final ErrorCode newCode, final long newLimitValue, final long newActualValue) {
        code = newCode;
        limitValue = newLimitValue;
        actualValue = newActualValue;
        change = -1;
        return this;
    }

    /** Names the change at which the limit was met, by its index. */
    void change(final int index) {
        change = index;
    }

    /** Index of the change at which the limit was met, -1 if none is named. */
    int change() {
        return change;
    }

    ErrorCode code() {
        return code;
    }

    /** The limit that was met, -1 if none. */
    long limitValue() {
        return limitValue;
    }

    /** The value that met it, -1 if none. */
    long actualValue() {
        return actualValue;
    }
}
