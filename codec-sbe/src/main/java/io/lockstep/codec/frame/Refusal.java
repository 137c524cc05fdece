package io.lockstep.codec.frame;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.value.ValueReader;

/** Why a frame was refused. Mutable and reused; a text is made only when somebody asks for it. */
final class Refusal {
    /** No request, limit, value or entry. */
    static final long NONE = -1;

    private ErrorCode code;
    private Rule rule;
    private String group;
    private int index;
    private String field;
    private long limit;
    private long actual;
    private int reason;

    void clear() {
        code = ErrorCode.NULL_VAL;
        rule = null;
        field = "";
        limit = NONE;
        actual = NONE;
        reason = 0;
        leaveGroup();
    }

    void enterGroup(final String name) {
        group = name;
        index = 0;
    }

    void entry(final int newIndex) {
        index = newIndex;
    }

    void leaveGroup() {
        group = "";
        index = 0;
    }

    /** Always false, so that a check can end with it. */
    boolean refuse(
            final ErrorCode newCode,
            final Rule newRule,
            final String newField,
            final long newLimit,
            final long newActual) {
        code = newCode;
        rule = newRule;
        field = newField;
        limit = newLimit;
        actual = newActual;
        return false;
    }

    /** Keeps what {@link ValueReader} said about a value. */
    boolean refuseValue(final ErrorCode newCode, final Rule newRule, final String newField, final int newReason) {
        reason = Math.min(newReason, 0);
        return refuse(newCode, newRule, newField, NONE, NONE);
    }

    ErrorCode code() {
        return code;
    }

    boolean fatal() {
        return switch (code) {
            case INVALID_CHANGE_SET, CHANGE_SET_TOO_LARGE, INVALID_NAME, INVALID_FILTER, NULL_VAL -> false;
            default -> true;
        };
    }

    long limit() {
        return limit;
    }

    long actual() {
        return actual;
    }

    String text() {
        if (rule == null) {
            return "";
        }
        final StringBuilder text = new StringBuilder(96);
        if (!group.isEmpty()) {
            text.append(group).append('[').append(index).append("].");
        }
        text.append(field).append(' ').append(rule.phrase());
        if (reason < 0) {
            text.append(": it ").append(ValueReader.describe(reason));
        }
        if (limit != NONE || actual != NONE) {
            text.append(": limit=").append(limit).append(", actual=").append(actual);
        }
        return text.toString();
    }
}
