package io.lockstep.client.replica;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Winner;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.WinnerKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What transactions of this replica do to the settled state, until deliveries have caught up with their decisions. */
final class Shadow {
    private final Map<ChangeSet, Entry> entries = new LinkedHashMap<>();
    private final Map<RowKey, NavigableSet<Effect>> effects = new HashMap<>();
    private final NavigableMap<Long, List<ChangeSet>> retirements = new TreeMap<>();
    private long effectCount;
    private final boolean deleteWins;
    private final KeyForm keyForm;

    Shadow(final RowPolicy rowPolicy, final KeyForm keyForm) {
        deleteWins = rowPolicy == RowPolicy.DELETE_WINS;
        this.keyForm = keyForm;
    }

    /** A transaction; retireAt is the sequence from which deliveries say it all, or NEVER while it is not settled. */
    private static final class Entry {
        private static final long NEVER = Long.MAX_VALUE;
        private final List<Effect> effects = new ArrayList<>();
        private long retireAt = NEVER;
    }

    /** A write (with a cell) or a delete (without) of a row, in the order of clocks; the number tells equal ones apart. */
    private record Effect(RowKey row, Hlc hlc, Cell cell, long number) implements Comparable<Effect> {
        @Override
        public int compareTo(final Effect other) {
            final int order = hlc.compareTo(other.hlc);
            return order != 0 ? order : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof Effect effect && number == effect.number;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    void add(final ChangeSet set) {
        if (entries.containsKey(set)) {
            return;
        }
        final Entry entry = new Entry();
        for (final Change change : set.changes()) {
            putChange(entry, set, change);
        }
        entries.put(set, entry);
    }

    /** What lost gives way to what won; both stay until deliveries have caught up. */
    void settle(final ChangeSet set, final SubmitOutcome outcome) {
        final Entry before = remove(set);
        if (before == null) {
            return;
        }
        final Entry entry = new Entry();
        entry.retireAt = outcome.databaseSequence();
        for (int i = 0; i < set.changes().size(); i++) {
            final ChangeOutcome each = outcome.outcomes().get(i);
            if (each == ChangeOutcome.APPLIED || each == ChangeOutcome.DUPLICATE) {
                putChange(entry, set, set.changes().get(i));
            }
        }
        for (final Winner winner : outcome.winners()) {
            putWinner(entry, set.changes().get(winner.change()), winner);
        }
        entries.put(set, entry);
        retirements.computeIfAbsent(entry.retireAt, absent -> new ArrayList<>()).add(set);
    }

    void drop(final ChangeSet set) {
        remove(set);
    }

    /** Deliveries up to a sequence were applied. */
    void retire(final long sequence) {
        while (!retirements.isEmpty() && retirements.firstKey() <= sequence) {
            for (final ChangeSet set : retirements.pollFirstEntry().getValue()) {
                final Entry entry = entries.get(set);
                if (entry != null && entry.retireAt <= sequence) {
                    remove(set);
                }
            }
        }
    }

    List<ChangeSet> unsettled() {
        final List<ChangeSet> sets = new ArrayList<>();
        entries.forEach((set, entry) -> {
            if (entry.retireAt == Entry.NEVER) {
                sets.add(set);
            }
        });
        return sets;
    }

    Collection<RowKey> rowKeys() {
        return effects.keySet();
    }

    /** Shows the row's cells as they are with everything in the shadow applied, in the order of clocks. */
    void cast(final RowKey row, final Map<String, Cell> cells) {
        final NavigableSet<Effect> ofRow = effects.get(row);
        if (ofRow == null) {
            return;
        }
        boolean deleted = false;
        for (final Effect effect : ofRow) {
            final Cell cell = effect.cell();
            if (cell == null) {
                cells.values().removeIf(each -> deleteWins || each.hlc().compareTo(effect.hlc()) <= 0);
                deleted = true;
            } else if (!deleted || !deleteWins) {
                final Cell present = cells.get(cell.column());
                if (present == null || present.hlc().compareTo(effect.hlc()) < 0) {
                    cells.put(cell.column(), cell);
                }
            }
        }
        if (deleted && deleteWins) {
            cells.clear();
        }
    }

    private void putWinner(final Entry entry, final Change change, final Winner winner) {
        final RowKey row = rowKey(change);
        if (winner.kind() == WinnerKind.TOMBSTONE) {
            put(entry, row, winner.hlc(), null);
        } else if (winner.kind() == WinnerKind.CELL && winner.value() != null) {
            final Cell cell =
                    new Cell(row.schema(), row.table(), row.key(), change.column(), winner.hlc(), winner.value());
            put(entry, row, winner.hlc(), cell);
        }
    }

    private void put(final Entry entry, final RowKey row, final Hlc hlc, final Cell cell) {
        effectCount++;
        final Effect effect = new Effect(row, hlc, cell, effectCount);
        entry.effects.add(effect);
        effects.computeIfAbsent(row, absent -> new TreeSet<>()).add(effect);
    }

    private Entry remove(final ChangeSet set) {
        final Entry entry = entries.remove(set);
        if (entry != null) {
            for (final Effect effect : entry.effects) {
                final NavigableSet<Effect> ofRow = effects.get(effect.row());
                ofRow.remove(effect);
                if (ofRow.isEmpty()) {
                    effects.remove(effect.row());
                }
            }
        }
        return entry;
    }

    private void putChange(final Entry entry, final ChangeSet set, final Change change) {
        final RowKey row = rowKey(change);
        final Hlc hlc = set.hlc(change.opSeq());
        final Cell cell = change.isDelete()
                ? null
                : new Cell(row.schema(), row.table(), row.key(), change.column(), hlc, change.value());
        put(entry, row, hlc, cell);
    }

    private RowKey rowKey(final Change change) {
        return new RowKey(
                change.schema(),
                change.table(),
                keyForm == KeyForm.QUEREUS ? change.key().folded() : change.key());
    }
}
