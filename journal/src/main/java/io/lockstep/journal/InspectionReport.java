package io.lockstep.journal;

import java.util.List;

/**
 * What {@link JournalInspector} found.
 *
 * @param files journal files
 * @param records records that count: valid and not voided
 * @param voided records that a cut voids
 * @param firstPosition 0 if there is none
 * @param lastPosition 0 if there is none
 * @param durablePosition highest position known to have been on stable storage
 * @param problems what is wrong, in file order; a torn tail that the next start would cut is among them, with
 *     {@code damage} false
 * @param rule the tail rule that applies, for people
 */
public record InspectionReport(
        int files,
        long records,
        long voided,
        long firstPosition,
        long lastPosition,
        long durablePosition,
        List<JournalProblem> problems,
        String rule) {
    /**
     * Whether nothing is damaged.
     *
     * @return false if a node would not start
     */
    public boolean isSound() {
        return problems.stream().noneMatch(JournalProblem::damage);
    }
}
