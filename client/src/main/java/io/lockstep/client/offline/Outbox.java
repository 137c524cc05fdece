package io.lockstep.client.offline;

import io.lockstep.client.OutcomeText;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** The change sets that are kept, by id. In memory; guarded by the lock of {@link LocalDatabase}. */
final class Outbox {
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final TreeMap<Long, Entry> waiting = new TreeMap<>();
    private final TreeMap<Long, Entry> unsent = new TreeMap<>();
    private final TreeMap<Long, Entry> settled = new TreeMap<>();
    private final TreeMap<Long, Entry> untold = new TreeMap<>();
    private long nextId = 1;
    private long bytes;

    long nextId() {
        return nextId;
    }

    void nextId(final long id) {
        nextId = Math.max(nextId, id);
    }

    long bytes() {
        return bytes;
    }

    /** All of them, oldest first. */
    Collection<Entry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    Entry add(final long id, final ChangeSet set) {
        final Entry entry = new Entry(id, set);
        entries.put(id, entry);
        waiting.put(id, entry);
        unsent.put(id, entry);
        bytes += set.encodedLength();
        nextId = Math.max(nextId, id + 1);
        return entry;
    }

    /** Null if there is none. */
    Entry find(final long id) {
        return entries.get(id);
    }

    Entry undecided(final long id) {
        final Entry entry = entries.get(id);
        if (entry == null || !entry.isUndecided()) {
            throw new StoreException(
                    StoreException.Reason.NO_SUCH_ENTRY,
                    "no entry that waits for a decision: id=" + id + ", state="
                            + (entry == null ? "none" : entry.state));
        }
        return entry;
    }

    void answer(final Entry entry, final SubmitOutcome outcome, final DirectBuffer answer) {
        entry.outcome = outcome;
        entry.answer = answer;
        if (!outcome.isSettled()) {
            entry.state = EntryState.REFUSED;
            entry.code = outcome.reason();
            entry.text = OutcomeText.of(entry.set, outcome);
        } else {
            entry.state =
                    outcome.outcomes().contains(ChangeOutcome.TOO_LATE) ? EntryState.TOO_LATE : EntryState.SETTLED;
        }
        if (entry.state == EntryState.SETTLED) {
            settled.put(entry.id, entry);
        }
        decided(entry);
    }

    void refuse(final Entry entry, final int code, final String text) {
        entry.state = EntryState.REFUSED;
        entry.code = code;
        entry.text = text;
        decided(entry);
    }

    private void decided(final Entry entry) {
        waiting.remove(entry.id);
        unsent.remove(entry.id);
        entry.told = false;
        untold.put(entry.id, entry);
    }

    void tell(final Entry entry) {
        entry.told = true;
        untold.remove(entry.id);
    }

    /** Makes another outbox a copy of this one. */
    void copyTo(final Outbox other, final boolean settledAgain) {
        other.nextId = nextId;
        for (final Entry entry : entries.values()) {
            final Entry copy = other.add(entry.id, entry.set);
            copy.position = entry.position;
            if (entry.state == EntryState.WAITING) {
                if (!unsent.containsKey(entry.id)) {
                    other.handOver(copy);
                }
            } else if (entry.state != EntryState.SETTLED || !settledAgain) {
                if (entry.answer != null) {
                    other.answer(copy, entry.outcome, entry.answer);
                } else {
                    other.refuse(copy, entry.code, entry.text);
                }
                if (entry.told) {
                    other.tell(copy);
                }
            }
        }
    }

    /** To be sent again. */
    void wait(final Entry entry) {
        entry.state = EntryState.WAITING;
        entry.outcome = null;
        entry.answer = null;
        entry.code = 0;
        entry.text = "";
        untold.remove(entry.id);
        settled.remove(entry.id);
        waiting.put(entry.id, entry);
        unsent.put(entry.id, entry);
    }

    /** A client has it. */
    void handOver(final Entry entry) {
        unsent.remove(entry.id);
    }

    /** The client that had it did not send it. */
    void takeBack(final Entry entry) {
        if (entry.state == EntryState.WAITING) {
            unsent.put(entry.id, entry);
        }
    }

    /** The client that had them is gone. */
    void takeBackAll() {
        unsent.putAll(waiting);
    }

    void remove(final Entry entry) {
        if (entries.remove(entry.id) != null) {
            waiting.remove(entry.id);
            unsent.remove(entry.id);
            settled.remove(entry.id);
            untold.remove(entry.id);
            bytes -= entry.set.encodedLength();
        }
    }

    /** Settled sets leave when the application was told, and deliveries up to their decision were applied. */
    void retire(final long sequence) {
        final List<Entry> gone = new ArrayList<>();
        for (final Entry entry : settled.values()) {
            if (entry.told && entry.outcome.databaseSequence() <= sequence) {
                gone.add(entry);
            }
        }
        gone.forEach(this::remove);
    }

    /** The oldest that no client has; null if there is none. */
    Entry firstUnsent() {
        return unsent.isEmpty() ? null : unsent.firstEntry().getValue();
    }

    int waitingCount() {
        return waiting.size();
    }

    int undecidedCount() {
        return entries.size() - waiting.size() - settled.size();
    }

    /** What the application was not told of, oldest first. */
    List<Entry> untold() {
        return List.copyOf(untold.values());
    }
}
