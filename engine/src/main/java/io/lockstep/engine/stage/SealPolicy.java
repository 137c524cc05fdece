package io.lockstep.engine.stage;

/**
 * When a SHA-256 seal is written: at the end of a batch, once there is enough to cover or it has waited long enough.
 *
 * @param recordsMin seal when this many records are not covered
 * @param intervalNs seal when the oldest record not covered has waited this long
 */
public record SealPolicy(int recordsMin, long intervalNs) {
    /** A seal costs a record of some 200 bytes: a fifth of a percent of a busy journal, and at most one a second. */
    public static final SealPolicy DEFAULT = new SealPolicy(1_024, 1_000_000_000L);

    /** Checks the ranges. */
    public SealPolicy {
        if (recordsMin < 1 || intervalNs < 0) {
            throw new IllegalArgumentException(
                    "recordsMin=" + recordsMin + " (at least 1), intervalNs=" + intervalNs + " (at least 0)");
        }
    }
}
