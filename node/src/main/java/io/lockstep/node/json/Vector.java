package io.lockstep.node.json;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.MigrationState;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import java.util.List;

/**
 * A conformance vector: a database, commands in the order of their arrival, and what must come of them. Immutable.
 *
 * @param name of the scenario
 * @param rowPolicy of the database
 * @param keyForm of the database
 * @param maxDriftMs of the database
 * @param steps in order
 * @param finalState every live cell, in any order
 * @param finalMigrations every migration kept, in any order
 */
public record Vector(
        String name,
        RowPolicy rowPolicy,
        KeyForm keyForm,
        long maxDriftMs,
        List<Step> steps,
        List<Cell> finalState,
        List<MigrationState> finalMigrations) {
    /** Copies the lists. */
    public Vector {
        steps = List.copyOf(steps);
        finalState = List.copyOf(finalState);
        finalMigrations = List.copyOf(finalMigrations);
    }

    /**
     * One command: a change set or a prune.
     *
     * @param nowMs what the ingress would have stamped
     * @param set null for a prune
     * @param horizonMs of a prune
     * @param expected what must come of it
     */
    public record Step(long nowMs, ChangeSet set, long horizonMs, Expected expected) {}

    /**
     * What must come of a step; of a prune only the last field counts.
     *
     * @param status such as {@code no-effect}
     * @param sequence 0 for none
     * @param outcomes in ascending opSeq
     * @param migrationOutcomes in ascending opSeq
     * @param pruned tombstones removed
     */
    public record Expected(
            String status, long sequence, List<String> outcomes, List<String> migrationOutcomes, long pruned) {
        /** Copies the lists. */
        public Expected {
            outcomes = List.copyOf(outcomes);
            migrationOutcomes = List.copyOf(migrationOutcomes);
        }
    }
}
