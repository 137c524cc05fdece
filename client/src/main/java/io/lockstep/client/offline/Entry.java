package io.lockstep.client.offline;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import org.agrona.DirectBuffer;

/** A change set of the outbox. Guarded by the lock of {@link LocalDatabase}. */
final class Entry {
    final long id;
    final ChangeSet set;
    EntryState state = EntryState.WAITING;
    /** What the node said, and its bytes. */
    SubmitOutcome outcome;

    DirectBuffer answer;
    int code;
    String text = "";
    boolean told;
    /** Where its record ends. */
    long position;

    Entry(final long id, final ChangeSet set) {
        this.id = id;
        this.set = set;
    }

    boolean isUndecided() {
        return state == EntryState.TOO_LATE || state == EntryState.REFUSED;
    }

    OutboxEntry snapshot() {
        return new OutboxEntry(id, set, state, outcome, code, text);
    }
}
