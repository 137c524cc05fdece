package io.lockstep.client;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.MetLimit;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.SubmitStatus;

/** Says for people why a change set did not settle, with the limit, the value that met it, and the change. Stateless. */
public final class OutcomeText {
    private static final int KEY_CHARACTERS_MAX = 80;

    private OutcomeText() {}

    /**
     * Says what became of a change set.
     *
     * @param set that was submitted
     * @param outcome of it
     * @return one line
     */
    public static String of(final ChangeSet set, final SubmitOutcome outcome) {
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
                : text + ", value " + limit.actualValue() + ", limit " + limit.limitValue() + change(set, limit);
    }

    private static String change(final ChangeSet set, final MetLimit limit) {
        if (limit.change() < 0 || limit.change() >= set.changes().size()) {
            return "";
        }
        final Change change = set.changes().get(limit.change());
        final String key = String.valueOf(change.key());
        return ", at change " + limit.change() + ": " + (change.isDelete() ? "delete of " : "write of ")
                + change.schema() + "." + change.table() + ", key "
                + (key.length() <= KEY_CHARACTERS_MAX ? key : key.substring(0, KEY_CHARACTERS_MAX) + "…")
                + (change.isDelete() ? "" : ", column " + change.column());
    }
}
