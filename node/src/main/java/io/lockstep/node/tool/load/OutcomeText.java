package io.lockstep.node.tool.load;

import io.lockstep.client.ErrorCodes;
import io.lockstep.client.model.MetLimit;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.SubmitStatus;

/** Says for people what became of a change set that did not settle, with the limit and the value that met it. */
final class OutcomeText {
    private OutcomeText() {}

    static String of(final SubmitOutcome outcome) {
        final MetLimit limit = outcome.limit();
        if (outcome.status() == SubmitStatus.REJECTED_DRIFT) {
            return outcome.status() + ", clock ahead by " + limit.actualValue() + " ms, limit " + limit.limitValue();
        }
        final String text = outcome.status() + (outcome.reason() == 0 ? "" : " " + ErrorCodes.name(outcome.reason()));
        if (limit.equals(MetLimit.NONE)) {
            return text;
        }
        return outcome.status() == SubmitStatus.INVALID
                ? text + ", opSeq or wall " + limit.actualValue() + ", limit " + limit.limitValue()
                : text + ", value " + limit.actualValue() + ", limit " + limit.limitValue();
    }
}
