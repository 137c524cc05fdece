package io.lockstep.client.offline;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A change set of the outbox, as it was when somebody looked. Immutable.
 *
 * @param id as {@link OfflineDatabase#write} answered; ids grow
 * @param changeSet what was written
 * @param state where it is
 * @param outcome what the node said of it, with winners; null if it said nothing, or refused it without judging
 * @param code of a refusal, see {@link io.lockstep.client.ErrorCodes}; otherwise 0
 * @param text of a refusal, for people; otherwise empty
 */
public record OutboxEntry(
        long id, ChangeSet changeSet, EntryState state, SubmitOutcome outcome, int code, String text) {
    /**
     * What is to be decided: of one that was too late the changes that could not be judged, of a refused one all of them.
     *
     * @return in ascending opSeq
     */
    public List<Change> undecided() {
        if (state == EntryState.SETTLED) {
            return List.of();
        }
        if (state != EntryState.TOO_LATE) {
            return changeSet.changes();
        }
        final List<Change> late = new ArrayList<>();
        for (int i = 0; i < outcome.outcomes().size(); i++) {
            if (outcome.outcomes().get(i) == ChangeOutcome.TOO_LATE) {
                late.add(changeSet.changes().get(i));
            }
        }
        return List.copyOf(late);
    }
}
