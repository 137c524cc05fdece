package io.lockstep.journal;

import java.util.List;

/**
 * What a {@link JournalScan} found.
 *
 * @param files journal files
 * @param lastPosition last record that counts, 0 if there is none
 * @param lastHash its hash
 * @param voided sound records that do not count
 * @param durablePosition highest position that the mark or any sound record names as durable
 * @param problems what is wrong, in file order
 * @param rule that applied to the end
 * @param cutFrom first position that a cut must void, 0 if none is needed
 * @param cutTo last position that a cut must void
 * @param clean true if nothing but zeros follows the last record
 */
record ScanResult(
        int files,
        long lastPosition,
        long lastHash,
        long voided,
        long durablePosition,
        List<JournalProblem> problems,
        String rule,
        long cutFrom,
        long cutTo,
        boolean clean) {

    /** The first damage, or null. */
    JournalProblem damage() {
        return problems.stream().filter(JournalProblem::damage).findFirst().orElse(null);
    }
}
