package io.lockstep.client.testing;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.model.Winner;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.WinnerKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A plain model of one last-writer-wins database, without drift, pruning and migrations. */
public final class FakeDatabase {
    private final Map<String, TreeMap<String, Cell>> rows = new TreeMap<>();
    private final Map<String, Hlc> tombstones = new HashMap<>();
    private final List<Delivery> deliveries = new ArrayList<>();

    /** Settles a change set. */
    public SubmitOutcome submit(final ChangeSet set) {
        final List<ChangeOutcome> outcomes = new ArrayList<>();
        final List<Winner> winners = new ArrayList<>();
        final List<Change> applied = new ArrayList<>();
        for (int i = 0; i < set.changes().size(); i++) {
            final Change change = set.changes().get(i);
            final Hlc hlc = set.hlc(change.opSeq());
            final String row = change.schema() + '/' + change.table() + '/' + change.key();
            final ChangeOutcome outcome =
                    change.isDelete() ? delete(row, change, hlc, applied) : write(row, change, hlc, applied);
            outcomes.add(outcome);
            final Hlc tombstone = tombstones.get(row);
            if (outcome == ChangeOutcome.SUPERSEDED && !change.isDelete()) {
                final Cell cell = rows.get(row).get(change.column());
                winners.add(new Winner(i, WinnerKind.CELL, cell.hlc(), cell.value(), false));
            } else if (outcome != ChangeOutcome.APPLIED && tombstone != null) {
                winners.add(new Winner(i, WinnerKind.TOMBSTONE, tombstone, null, false));
            }
        }
        if (!applied.isEmpty()) {
            final long sequence = deliveries.size() + 1L;
            deliveries.add(new Delivery(
                    sequence,
                    sequence - 1,
                    1_000 + sequence,
                    1,
                    1_700_000_000_000L,
                    set.hlc(0),
                    false,
                    List.of(),
                    applied));
        }
        return new SubmitOutcome(
                applied.isEmpty() ? SubmitStatus.NO_EFFECT : SubmitStatus.ACCEPTED,
                0,
                applied.isEmpty() ? 0 : deliveries.size(),
                deliveries.size(),
                1,
                List.of(),
                outcomes,
                winners);
    }

    private ChangeOutcome write(final String row, final Change change, final Hlc hlc, final List<Change> applied) {
        final Hlc tombstone = tombstones.get(row);
        if (tombstone != null && hlc.compareTo(tombstone) <= 0) {
            return ChangeOutcome.BLOCKED;
        }
        final Cell present =
                rows.computeIfAbsent(row, absent -> new TreeMap<>()).get(change.column());
        final int order = present == null ? 1 : hlc.compareTo(present.hlc());
        if (order < 0) {
            return ChangeOutcome.SUPERSEDED;
        }
        if (order == 0) {
            return ChangeOutcome.DUPLICATE;
        }
        rows.get(row)
                .put(
                        change.column(),
                        new Cell(change.schema(), change.table(), change.key(), change.column(), hlc, change.value()));
        applied.add(change);
        return ChangeOutcome.APPLIED;
    }

    private ChangeOutcome delete(final String row, final Change change, final Hlc hlc, final List<Change> applied) {
        final Hlc tombstone = tombstones.get(row);
        final int order = tombstone == null ? 1 : hlc.compareTo(tombstone);
        if (order <= 0) {
            return order == 0 ? ChangeOutcome.DUPLICATE : ChangeOutcome.SUPERSEDED;
        }
        tombstones.put(row, hlc);
        final TreeMap<String, Cell> cells = rows.computeIfAbsent(row, absent -> new TreeMap<>());
        cells.values().removeIf(cell -> cell.hlc().compareTo(hlc) <= 0);
        applied.add(new Change(
                change.opSeq(),
                ChangeOp.DELETE,
                change.schema(),
                change.table(),
                change.key(),
                null,
                null,
                null,
                List.copyOf(cells.keySet())));
        return ChangeOutcome.APPLIED;
    }

    public List<Cell> cells() {
        final List<Cell> cells = new ArrayList<>();
        rows.values().forEach(row -> cells.addAll(row.values()));
        return cells;
    }

    public List<List<Cell>> rows() {
        final List<List<Cell>> all = new ArrayList<>();
        rows.values().forEach(row -> all.add(List.copyOf(row.values())));
        return all;
    }

    public List<Delivery> deliveries() {
        return deliveries;
    }

    /** A random change set on few rows and columns, so that sites meet. */
    public static ChangeSet randomSet(final Random random, final Hlc clock) {
        final ChangeSet.Builder builder = ChangeSet.builder(clock);
        final int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            final Key key = Key.ofInteger(random.nextInt(6));
            if (random.nextInt(5) == 0) {
                builder.delete("main", "t", key);
            } else {
                builder.write("main", "t", key, "c" + random.nextInt(3), Value.ofInteger(random.nextLong()));
            }
        }
        return builder.build();
    }
}
