package io.lockstep.engine.arbitration;

import io.lockstep.codec.MigrationKind;
import io.lockstep.engine.arbitration.ModelSet.Change;
import io.lockstep.engine.arbitration.ModelSet.Migration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules of arbitration once more, written from the text alone with plain maps, as slow as they come: what the product's
 * arbiter is compared to. Shares no code with it.
 */
public final class ReferenceArbiter {
    /** Outcomes, in the order of the schema. */
    public enum Verdict {
        /** It changed the state. */
        APPLIED,
        /** Something newer stands there. */
        SUPERSEDED,
        /** It is there already. */
        DUPLICATE,
        /** A tombstone is in the way. */
        BLOCKED,
        /** At or below the prune mark. */
        TOO_LATE,
        /** It would apply, but the principal may not write as that site. */
        NOT_AUTHOR
    }

    /** What became of a set; survivors as "index column". */
    public record Result(
            String status, long sequence, List<Verdict> migrations, List<Verdict> changes, List<String> survivors) {}

    record Hlc(long wall, int counter, String site, long opSeq) implements Comparable<Hlc> {
        private static final Comparator<Hlc> ORDER = Comparator.comparingLong(Hlc::wall)
                .thenComparingInt(Hlc::counter)
                .thenComparing(Hlc::site)
                .thenComparingLong(Hlc::opSeq);

        @Override
        public int compareTo(final Hlc other) {
            return ORDER.compare(this, other);
        }
    }

    private record RowKey(String schema, String table, List<ModelValue> key) {}

    private record MigrationKey(String schema, boolean isIndex, String object, long version) {}

    private record Cell(Hlc hlc, ModelValue value) {}

    private record Tombstone(Hlc hlc, long setAtMs) {}

    private record KeptMigration(Hlc hlc, Migration migration) {}

    private final boolean deleteWins;
    private final boolean quereusKeys;
    private final long maxDriftMs;
    private final Map<RowKey, TreeMap<String, Cell>> rows = new HashMap<>();
    private final Map<RowKey, Tombstone> tombstones = new HashMap<>();
    private final Map<MigrationKey, KeptMigration> migrations = new HashMap<>();
    private Hlc mark;
    private long sequence;
    private long conflicts;

    /** An empty database. */
    public ReferenceArbiter(final boolean deleteWins, final boolean quereusKeys, final long maxDriftMs) {
        this.deleteWins = deleteWins;
        this.quereusKeys = quereusKeys;
        this.maxDriftMs = maxDriftMs;
    }

    /** Decides a set. */
    public Result submit(final ModelSet set, final long nowMs, final boolean authorised) {
        final Set<Long> opSeqs = new HashSet<>();
        set.migrations().forEach(migration -> opSeqs.add(migration.opSeq()));
        set.changes().forEach(change -> opSeqs.add(change.opSeq()));
        if (opSeqs.size() != set.migrations().size() + set.changes().size()) {
            return new Result("invalid", 0, List.of(), List.of(), List.of());
        }
        if (set.wall() > nowMs + maxDriftMs) {
            return new Result("rejected-drift", 0, List.of(), List.of(), List.of());
        }
        final List<Verdict> ofMigrations = new ArrayList<>();
        for (final Migration migration : set.migrations()) {
            ofMigrations.add(migrate(hlc(set, migration.opSeq()), migration, authorised));
        }
        final List<Verdict> ofChanges = new ArrayList<>();
        final List<String> survivors = new ArrayList<>();
        for (final Change change : set.changes()) {
            final Hlc hlc = hlc(set, change.opSeq());
            final Verdict verdict =
                    change.isDelete() ? delete(hlc, change, nowMs, authorised) : write(hlc, change, authorised);
            if (change.isDelete() && verdict == Verdict.APPLIED) {
                final TreeMap<String, Cell> row = rows.get(row(change));
                if (row != null) {
                    row.keySet().forEach(column -> survivors.add(ofChanges.size() + " " + column));
                }
            }
            ofChanges.add(verdict);
        }
        final boolean applied = ofMigrations.contains(Verdict.APPLIED) || ofChanges.contains(Verdict.APPLIED);
        if (applied) {
            sequence++;
        }
        return new Result(
                applied ? "accepted" : "no-effect", applied ? sequence : 0, ofMigrations, ofChanges, survivors);
    }

    /** Prunes; tells how many tombstones went. */
    public long prune(final long nowMs, final long horizonMs) {
        long pruned = 0;
        final Iterator<Tombstone> iterator = tombstones.values().iterator();
        while (iterator.hasNext()) {
            final Tombstone tombstone = iterator.next();
            if (tombstone.setAtMs() < nowMs - horizonMs) {
                iterator.remove();
                pruned++;
                if (mark == null || tombstone.hlc().compareTo(mark) > 0) {
                    mark = tombstone.hlc();
                }
            }
        }
        return pruned;
    }

    /** Every live cell, as {@link ArbiterDriver#scan} tells them. */
    public TreeMap<String, String> cells() {
        final TreeMap<String, String> result = new TreeMap<>();
        rows.forEach((row, cells) -> cells.forEach((column, cell) -> result.put(
                ArbiterDriver.cellName(row.schema(), row.table(), ModelValue.encodedKey(row.key()), column),
                java.util.HexFormat.of().formatHex(cell.value().encoded()) + " " + hex(cell.hlc()))));
        return result;
    }

    /** Every migration kept, as {@link ArbiterDriver#scan} tells them. */
    public TreeMap<String, String> migrations() {
        final TreeMap<String, String> result = new TreeMap<>();
        migrations.forEach((key, kept) -> result.put(
                key.schema() + "|" + key.object() + "|" + key.version() + "|" + key.isIndex(),
                kept.migration().kind() + " " + kept.migration().fromObject() + " "
                        + kept.migration().ddl() + " " + hex(kept.hlc())));
        return result;
    }

    /** Tombstones there are. */
    public long tombstones() {
        return tombstones.size();
    }

    /** Rows with cells or a tombstone. */
    public long rows() {
        final Set<RowKey> all = new HashSet<>(tombstones.keySet());
        rows.forEach((row, cells) -> {
            if (!cells.isEmpty()) {
                all.add(row);
            }
        });
        return all.size();
    }

    /** The last sequence. */
    public long sequence() {
        return sequence;
    }

    /** Writes with the clock of a cell and another value. */
    public long conflicts() {
        return conflicts;
    }

    /** The prune mark as hex, null if there is none. */
    public String mark() {
        return mark == null ? null : hex(mark);
    }

    /** Columns that any live cell has. */
    public Set<String> columns() {
        final Set<String> result = new TreeSet<>();
        rows.values().forEach(row -> result.addAll(row.keySet()));
        return result;
    }

    private Verdict migrate(final Hlc hlc, final Migration migration, final boolean authorised) {
        final MigrationKey key = new MigrationKey(
                migration.schema(),
                migration.kind() == MigrationKind.ADD_INDEX || migration.kind() == MigrationKind.DROP_INDEX,
                migration.object(),
                migration.version());
        final KeptMigration kept = migrations.get(key);
        if (kept != null && hlc.compareTo(kept.hlc()) <= 0) {
            return hlc.equals(kept.hlc()) ? Verdict.DUPLICATE : Verdict.SUPERSEDED;
        }
        if (!authorised) {
            return Verdict.NOT_AUTHOR;
        }
        migrations.put(key, new KeptMigration(hlc, migration));
        return Verdict.APPLIED;
    }

    private Verdict write(final Hlc hlc, final Change change, final boolean authorised) {
        final RowKey row = row(change);
        final Tombstone tombstone = tombstones.get(row);
        if (tombstone != null && (deleteWins || hlc.compareTo(tombstone.hlc()) <= 0)) {
            return Verdict.BLOCKED;
        }
        final Cell cell = rows.containsKey(row) ? rows.get(row).get(change.column()) : null;
        if (cell == null) {
            if (mark != null && hlc.compareTo(mark) <= 0) {
                return Verdict.TOO_LATE;
            }
        } else {
            int order = hlc.compareTo(cell.hlc());
            if (order == 0) {
                order = change.value().compareTo(cell.value());
                if (order == 0) {
                    return Verdict.DUPLICATE;
                }
                conflicts++;
            }
            if (order < 0) {
                return Verdict.SUPERSEDED;
            }
        }
        if (!authorised) {
            return Verdict.NOT_AUTHOR;
        }
        rows.computeIfAbsent(row, key -> new TreeMap<>()).put(change.column(), new Cell(hlc, change.value()));
        return Verdict.APPLIED;
    }

    private Verdict delete(final Hlc hlc, final Change change, final long nowMs, final boolean authorised) {
        final RowKey row = row(change);
        final Tombstone tombstone = tombstones.get(row);
        if (tombstone == null && mark != null && hlc.compareTo(mark) <= 0) {
            return Verdict.TOO_LATE;
        }
        if (tombstone != null && hlc.compareTo(tombstone.hlc()) <= 0) {
            return hlc.equals(tombstone.hlc()) ? Verdict.DUPLICATE : Verdict.SUPERSEDED;
        }
        if (!authorised) {
            return Verdict.NOT_AUTHOR;
        }
        tombstones.put(row, new Tombstone(hlc, nowMs));
        if (rows.containsKey(row)) {
            rows.get(row).values().removeIf(cell -> deleteWins || cell.hlc().compareTo(hlc) <= 0);
        }
        return Verdict.APPLIED;
    }

    private RowKey row(final Change change) {
        final List<ModelValue> key =
                quereusKeys ? change.key().stream().map(ModelValue::folded).toList() : change.key();
        return new RowKey(change.schema(), change.table(), key);
    }

    private static Hlc hlc(final ModelSet set, final long opSeq) {
        return new Hlc(set.wall(), set.counter(), set.site(), opSeq);
    }

    private static String hex(final Hlc hlc) {
        return ArbiterDriver.hlc(hlc.wall(), hlc.counter(), hlc.site(), hlc.opSeq());
    }
}
