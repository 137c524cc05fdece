package io.lockstep.node.demo;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.replica.Replica;
import io.lockstep.node.demo.DemoPlan.PlannedSet;
import io.lockstep.node.demo.History.FileVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what must hold in the end. Every line of {@link #lines()} is one proof, said in words with its figures. */
final class DemoProof {
    private static final int EXAMPLES_MAX = 3;

    private final List<String> lines = new ArrayList<>();
    private boolean holds = true;

    /**
     * Every file in every replica, and the coordinator's own state, against the tree that git knows.
     *
     * @param expected mode and blob by path
     * @param name whose state it is
     * @param replica the state
     */
    void sameFiles(final Map<Key, FileVersion> expected, final String name, final Replica replica) {
        final Map<Key, String[]> found = new HashMap<>();
        final List<String> wrong = new ArrayList<>();
        replica.forEachCell(cell -> put(found, wrong, cell));
        for (final Map.Entry<Key, FileVersion> file : expected.entrySet()) {
            final String[] values = found.remove(file.getKey());
            if (values == null) {
                wrong.add("missing " + file.getKey());
            } else if (!file.getValue().mode().equals(values[0])
                    || !file.getValue().blob().equals(values[1])) {
                wrong.add("differs " + file.getKey() + ": " + values[0] + " " + values[1] + ", not "
                        + file.getValue().mode() + " " + file.getValue().blob());
            }
        }
        found.keySet().forEach(key -> wrong.add("should not be there: " + key));
        check(
                wrong.isEmpty(),
                String.format("%s: %,d files, %,d differences to the tree", name, expected.size(), wrong.size())
                        + examples(wrong));
    }

    private static void put(final Map<Key, String[]> found, final List<String> wrong, final Cell cell) {
        final int column =
                switch (cell.column()) {
                    case DemoPlan.MODE -> 0;
                    case DemoPlan.BLOB -> 1;
                    default -> -1;
                };
        if (column < 0 || !DemoPlan.SCHEMA.equals(cell.schema()) || !DemoPlan.TABLE.equals(cell.table())) {
            wrong.add("a cell that nobody wrote: " + cell);
        } else {
            found.computeIfAbsent(cell.key(), key -> new String[2])[column] =
                    cell.value().asText();
        }
    }

    /**
     * The digest that the coordinator keeps against those of the replicas.
     *
     * @param incarnation key of the digests
     * @param coordinator its own state
     * @param replicas the others
     */
    void sameDigest(final Site incarnation, final Replica coordinator, final List<DemoReplica> replicas) {
        final String digest = coordinator.digest(incarnation).toString();
        final List<String> wrong = new ArrayList<>();
        for (final DemoReplica replica : replicas) {
            final String other = replica.replica().digest(incarnation).toString();
            if (!digest.equals(other)) {
                wrong.add(replica.name() + "=" + other);
            }
        }
        check(wrong.isEmpty(), "digest of coordinator and replicas: " + digest + examples(wrong));
    }

    /**
     * Every acknowledgement against what was delivered: nothing acknowledged is lost, no sequence was used twice.
     *
     * @param plan what was sent
     * @param load what was acknowledged
     * @param delivered which set each sequence was, as one replica saw it
     */
    void nothingLost(final DemoPlan plan, final DemoLoad load, final Map<Long, Hlc> delivered) {
        final List<String> wrong = new ArrayList<>();
        final Set<Long> used = new HashSet<>();
        int accepted = 0;
        int unanswered = 0;
        for (int i = 0; i < plan.sets().size(); i++) {
            final PlannedSet planned = plan.sets().get(i);
            final long sequence = load.sequence(i);
            if (sequence < 0) {
                unanswered++;
            } else if (sequence > 0) {
                accepted++;
                if (!used.add(sequence)) {
                    wrong.add("sequence " + sequence + " was acknowledged twice");
                }
                final Hlc clock = delivered.get(sequence);
                if (clock == null || !plan.clock(planned).equals(clock)) {
                    wrong.add("sequence " + sequence + " was acknowledged to " + plan.clock(planned)
                            + " and delivered as " + clock);
                }
            }
        }
        check(
                unanswered == 0,
                String.format(
                        "every change set was answered: %,d of %,d",
                        plan.sets().size() - unanswered, plan.sets().size()));
        check(
                wrong.isEmpty(),
                String.format(
                                "every acknowledged set was delivered under its sequence: %,d acknowledged (the rest had no"
                                        + " effect), %,d lost",
                                accepted, wrong.size())
                        + examples(wrong));
        // A set that was durable when the node died is answered no-effect when it is sent again: delivered, not lost.
        final long gaps = delivered.isEmpty()
                ? 0
                : delivered.keySet().stream().mapToLong(Long::longValue).max().orElse(0) - delivered.size();
        check(gaps == 0, String.format("sequences 1 to %,d were each delivered once, in order", delivered.size()));
    }

    /**
     * One more proof.
     *
     * @param good whether it holds
     * @param line what it says
     */
    void check(final boolean good, final String line) {
        holds &= good;
        lines.add((good ? "[ok]     " : "[FAILED] ") + line);
    }

    private static String examples(final List<String> wrong) {
        return wrong.isEmpty()
                ? ""
                : "; for example: " + String.join("; ", wrong.subList(0, Math.min(EXAMPLES_MAX, wrong.size())));
    }

    boolean holds() {
        return holds;
    }

    List<String> lines() {
        return lines;
    }
}
