package io.lockstep.client.model;

/**
 * The limit that a change set met. Immutable.
 *
 * @param limitValue with REJECTED_DRIFT the most that a clock may be ahead, milliseconds; with INVALID the opSeq before, or
 *     the last wall time there is; with REFUSED as the reason says; -1 if none
 * @param actualValue what met it, in the same unit; -1 if none
 * @param change with EFFECT_TOO_LARGE the index of the change at which it was met; -1 if no single one met it, or the node is
 *     of a version that does not tell
 */
public record MetLimit(long limitValue, long actualValue, int change) {
    /** No limit was met. */
    public static final MetLimit NONE = new MetLimit(-1, -1);

    /** One that no single change met. */
    public MetLimit(final long limitValue, final long actualValue) {
        this(limitValue, actualValue, -1);
    }
}
