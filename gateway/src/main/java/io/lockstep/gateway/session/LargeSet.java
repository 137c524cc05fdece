package io.lockstep.gateway.session;

import io.lockstep.codec.RecordKind;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.LargeDelivery;
import io.lockstep.engine.delivery.LargeSelection;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordView;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * One large change set that sessions want parts of: who waits for it, and, once it has memory, what was made of it so far.
 * Reader's thread.
 */
final class LargeSet {
    /** Of its records, a slice: less than a millisecond where the file is in memory, some where it is not. */
    static final int SLICE_BYTES = 1 << 20;

    /** Records a slice, for those of others that lie between the parts may be small. */
    static final int SLICE_RECORDS = 1_024;

    /** Of its entries, a slice: each costs a few cache misses. */
    static final int SLICE_ENTRIES = 4_096;

    /** Of a slice in which entries are compared with filters, which may be many and long. */
    private static final long SLICE_NS = 2_000_000;

    /** Entries that are compared before the time is looked at. */
    private static final int ENTRIES_AT_ONCE = 16;

    /** Takers before those that are gone are looked for. */
    private static final int TAKERS_MIN = 64;

    private enum State {
        /** Has no memory. */
        WANTED,
        /** Its records are being read. */
        READING,
        /** Its entries are being looked for. */
        INDEXING,
        /** Parts can be taken by those whose selection is known. */
        MADE,
        /** It cannot be made. */
        FAILED
    }

    private final long position;
    private final int databaseId;
    private final long firstPart;
    private final ArrayDeque<CatchUpTicket> waiting = new ArrayDeque<>();
    private final Set<CatchUpTicket> takers = new HashSet<>();
    private final RecordView view = new RecordView();
    private State state = State.WANTED;
    private LargeDelivery delivery;
    private ChangeFilters filters;
    private LargeSelection selecting;
    private RuntimeException failure;
    private boolean hasServed;
    private int takersLookedAt = TAKERS_MIN;
    private int sliceBytes;
    private long costNs;
    private long madeNs;
    private long usedNs;

    /** Wanted, by nobody yet. */
    LargeSet(final RecordView record) {
        position = record.position();
        databaseId = record.databaseId();
        firstPart = LargeDelivery.firstPart(record);
    }

    long position() {
        return position;
    }

    /** Who was set aside, in their order. */
    ArrayDeque<CatchUpTicket> waiting() {
        return waiting;
    }

    /** Gets memory; its records are read next. */
    void begin(final LargeDelivery memory, final Supplier<JournalReader> reader) {
        delivery = memory;
        costNs = 0;
        hasServed = false;
        state = State.READING;
        guarded(() -> reader.get().seek(firstPart));
    }

    /** Gives its memory up; who waits for it still does. */
    LargeDelivery end() {
        final LargeDelivery memory = delivery;
        delivery = null;
        selecting = null;
        failure = null;
        takers.clear();
        state = State.WANTED;
        return memory;
    }

    boolean isBeingMade() {
        return state == State.READING || state == State.INDEXING;
    }

    boolean isMade() {
        return state == State.MADE;
    }

    /** Whether it cannot be made, and all who waited for it were told. */
    boolean isGivenUp() {
        return state == State.FAILED && waiting.isEmpty();
    }

    /** Throws what it cannot be made for. */
    void requireNotFailed() {
        if (state == State.FAILED) {
            throw failure;
        }
    }

    /** Whether the first who waits need not wait any longer. */
    boolean hasAnswer(final LargeSelections selections) {
        return !waiting.isEmpty()
                && (state == State.FAILED
                        || waiting.peek().isUnwanted()
                        || (state == State.MADE
                                && selections.find(position, waiting.peek().filters()) != null));
    }

    /** Does one slice of what must be done before parts can be taken; false if there is nothing to do. */
    boolean make(final Supplier<JournalReader> reader, final LargeSelections selections, final NanoClock clock) {
        final long startNs = clock.nanoTime();
        final boolean wasBeingMade = isBeingMade();
        if (state == State.READING) {
            guarded(() -> read(reader.get()));
        } else if (state == State.INDEXING) {
            guarded(() -> state = delivery.index(SLICE_ENTRIES) ? State.MADE : State.INDEXING);
        } else if (state != State.MADE || waiting.isEmpty() || hasAnswer(selections)) {
            return false;
        } else {
            guarded(() -> select(selections, clock, startNs));
        }
        final long nowNs = clock.nanoTime();
        costNs += nowNs - startNs;
        if (wasBeingMade) {
            madeNs = nowNs;
            usedNs = nowNs;
        }
        return true;
    }

    /** What goes wrong is told to each who asks for a part. */
    private void guarded(final Runnable step) {
        try {
            step.run();
        } catch (final RuntimeException e) {
            failure = e;
            state = State.FAILED;
        }
    }

    private void read(final JournalReader reader) {
        sliceBytes = 0;
        if (reader.poll(this::onRecord, position, SLICE_RECORDS) == 0) {
            throw new IllegalStateException("the journal ends within a large change set: position=" + position);
        }
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        sliceBytes += length;
        if (view.position() == position) {
            require(delivery.onLargeSet(view));
            state = State.INDEXING;
            return false;
        }
        if (view.databaseId() == databaseId && view.kind() == RecordKind.SET_PART) {
            require(delivery.onPart(view));
        }
        return sliceBytes < SLICE_BYTES;
    }

    private void require(final boolean follows) {
        if (!follows) {
            throw new IllegalStateException(
                    "parts of a large change set do not follow: position=" + view.position() + ", set=" + position);
        }
    }

    /** For the first who waits. */
    private void select(final LargeSelections selections, final NanoClock clock, final long startNs) {
        if (selecting == null) {
            filters = waiting.peek().filters();
            selecting = new LargeSelection(filters);
        }
        for (int entries = 0; entries < SLICE_ENTRIES; entries += ENTRIES_AT_ONCE) {
            if (selecting.select(delivery, ENTRIES_AT_ONCE)) {
                selections.add(position, filters, selecting);
                selecting = null;
                return;
            }
            if (clock.nanoTime() - startNs >= SLICE_NS) {
                return;
            }
        }
    }

    /** Somebody took a part, who wants more of them or not. */
    void taken(final CatchUpTicket taker, final boolean wantsMore, final long nowNs) {
        usedNs = nowNs;
        hasServed = true;
        if (wantsMore) {
            takers.add(taker);
            if (takers.size() >= takersLookedAt) {
                takers.removeIf(CatchUpTicket::isUnwanted);
                takersLookedAt = Math.max(TAKERS_MIN, 2 * takers.size());
            }
        } else {
            takers.remove(taker);
        }
    }

    LargeDelivery delivery() {
        return delivery;
    }

    /**
     * Whether its turn is over: nobody who took a part wants another, nor waits; or it was served for so many times what it
     * has cost, and to somebody at all.
     */
    boolean isServed(final int factor, final long servingNsMax, final long nowNs) {
        if (state != State.MADE) {
            return false;
        }
        if (waiting.isEmpty() && takers.isEmpty()) {
            return true;
        }
        return (hasServed || waiting.isEmpty()) && nowNs - madeNs >= Math.min(factor * costNs, servingNsMax);
    }

    long unusedNs(final long nowNs) {
        return nowNs - usedNs;
    }
}
