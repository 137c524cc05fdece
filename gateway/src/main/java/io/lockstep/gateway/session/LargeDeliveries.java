package io.lockstep.gateway.session;

import io.lockstep.engine.delivery.LargeDelivery;
import io.lockstep.engine.delivery.LargeSelection;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The large change sets that sessions want parts of. A set is read from the journal once while they take them, whatever
 * their filters, and a slice at a time, so that the reader's thread serves others in between. Who must wait for that is set
 * aside.
 *
 * <p>Few sets have memory, {@link #SETS_MAX}. When more are wanted they take turns in the order in which they were asked
 * for: one that has memory keeps it while parts of it are wanted, but no longer than in proportion to what it cost, see
 * {@link #SERVING_FACTOR}; who wants more of it then waits for its next turn. So making sets again takes a bounded share of
 * the thread, each set gets its turn, and the memory is the same whoever asks. Reader's thread.
 */
final class LargeDeliveries implements AutoCloseable {
    /** With memory at once, each that of its bytes, 64 MiB at most: one is served while the other is made. */
    static final int SETS_MAX = 2;

    /** So many times what making it cost a set may be served while others wait: a fifth of the thread's time makes two. */
    static final int SERVING_FACTOR = 8;

    /** Where reading is slow: who waits for the other set does not wait for long. */
    static final long SERVING_NS_MAX = 2_000_000_000L;

    /** How long a set that nobody takes a part of keeps its memory. */
    static final long RELEASE_NS = 10_000_000_000L;

    private final Supplier<JournalReader> readers;
    private final CatchUpQueues queues;
    private final NanoClock clock;
    private final LargeSelections selections = new LargeSelections();
    private final Map<Long, LargeSet> sets = new HashMap<>();
    /** Without memory, in order of their turns. */
    private final ArrayDeque<LargeSet> wanted = new ArrayDeque<>();
    /** With memory, the newest last. */
    private final List<LargeSet> kept = new ArrayList<>();
    /** Set aside for sessions that are gone. */
    private final ArrayDeque<CatchUpTicket> dropped = new ArrayDeque<>();

    private JournalReader reader;
    private LargeSet set;
    private LargeSelection selection;
    private int turn;
    private long dueNs;

    LargeDeliveries(final Supplier<JournalReader> readers, final CatchUpQueues queues, final NanoClock clock) {
        this.readers = readers;
        this.queues = queues;
        this.clock = clock;
    }

    /**
     * Finds the delivery of a LARGE_CHANGE_SET as a ticket's filters leave it. If it is not made yet, the ticket is set
     * aside, and comes back from {@link #poll}.
     *
     * @return false if the ticket was set aside
     * @throws BeyondRetentionException if its parts were given up
     */
    boolean load(final RecordView record, final CatchUpTicket ticket) {
        set = sets.get(record.position());
        if (set != null) {
            set.requireNotFailed();
            selection = set.isMade() ? selections.find(set.position(), ticket.filters()) : null;
            if (selection != null) {
                return true;
            }
        } else {
            set = new LargeSet(record);
            sets.put(set.position(), set);
            wanted.add(set);
        }
        set.waiting().add(ticket);
        queues.setAside(1);
        return false;
    }

    /** Bytes of the delivery that was found last; 0 if nothing matches. */
    int length() {
        return selection.length();
    }

    /** Copies a piece of it. */
    void copy(final int from, final int length, final MutableDirectBuffer target, final int offset) {
        selection.copy(set.delivery(), from, length, target, offset);
    }

    /** The ticket it was found for got what it wanted of it, or a part of that. */
    void taken(final CatchUpTicket ticket, final boolean wantsMore) {
        set.taken(ticket, wantsMore, clock.nanoTime());
    }

    /** A ticket that was set aside and need not wait any longer; null if there is none. */
    CatchUpTicket poll() {
        CatchUpTicket ticket = dropped.poll();
        for (int i = 0; ticket == null && i < kept.size(); i++) {
            turn++;
            final LargeSet next = kept.get(turn % kept.size());
            if (next.hasAnswer(selections)) {
                ticket = next.waiting().poll();
            }
        }
        if (ticket != null) {
            queues.setAside(-1);
        }
        return ticket;
    }

    /**
     * Does one slice of the work on sets. While others are served it takes half of the time, at most.
     *
     * @param othersServed whether a ticket was served just now
     * @return 0 if there was nothing to do
     */
    int doWork(final boolean othersServed) {
        if (sets.isEmpty()) {
            return 0;
        }
        final long nowNs = clock.nanoTime();
        if (othersServed && nowNs - dueNs < 0) {
            return 0;
        }
        release(nowNs);
        beginNext(nowNs);
        for (int i = 0; i < kept.size(); i++) {
            turn++;
            if (kept.get(turn % kept.size()).make(this::reader, selections, clock)) {
                final long endNs = clock.nanoTime();
                dueNs = endNs + (endNs - nowNs);
                return 1;
            }
        }
        return 0;
    }

    private JournalReader reader() {
        if (reader == null) {
            reader = readers.get();
        }
        return reader;
    }

    /** What nobody has wanted for a while, or cannot be had. */
    private void release(final long nowNs) {
        for (int i = kept.size() - 1; i >= 0; i--) {
            final LargeSet each = kept.get(i);
            final boolean isUnused = each.isMade() && each.waiting().isEmpty() && each.unusedNs(nowNs) >= RELEASE_NS;
            if (isUnused || each.isGivenUp()) {
                end(each).close();
            }
        }
        if (sets.isEmpty()) {
            selections.clear();
        }
    }

    private LargeDelivery end(final LargeSet each) {
        kept.remove(each);
        if (each.waiting().isEmpty()) {
            sets.remove(each.position());
        } else {
            wanted.add(each);
        }
        return each.end();
    }

    /** One at a time is made: two would each take twice as long. */
    private void beginNext(final long nowNs) {
        LargeSet replaced = null;
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.get(i).isBeingMade()) {
                return;
            }
            if (kept.get(i).isServed(SERVING_FACTOR, SERVING_NS_MAX, nowNs)) {
                replaced = kept.get(i);
            }
        }
        if ((kept.size() == SETS_MAX && replaced == null) || !hasNext()) {
            return;
        }
        final LargeSet next = wanted.poll();
        final LargeDelivery memory = kept.size() < SETS_MAX ? new LargeDelivery() : end(replaced);
        kept.add(next);
        next.begin(memory, this::reader);
    }

    /** Whether a set is wanted by somebody who is still there. */
    private boolean hasNext() {
        while (!wanted.isEmpty()) {
            final LargeSet next = wanted.peek();
            while (!next.waiting().isEmpty() && next.waiting().peek().isUnwanted()) {
                dropped.add(next.waiting().poll());
            }
            if (!next.waiting().isEmpty()) {
                return true;
            }
            wanted.poll();
            sets.remove(next.position());
        }
        return false;
    }

    @Override
    public void close() {
        for (final LargeSet each : kept) {
            each.end().close();
        }
        kept.clear();
        wanted.clear();
        sets.clear();
        selections.clear();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
