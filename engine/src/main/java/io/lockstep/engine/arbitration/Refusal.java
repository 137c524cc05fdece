package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;

/** Why a change set was refused. Reused. */
final class Refusal {
    private ErrorCode code;
    private long limitValue;
    private long actualValue;

    /** Sets all of it; a code of null needs no reason beside the status. */
    Refusal set(final ErrorCode newCode, final long newLimitValue, final long newActualValue) {
        code = newCode;
        limitValue = newLimitValue;
        actualValue = newActualValue;
        return this;
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
