package io.lockstep.client.model;

/**
 * The limit that a change set met. Immutable.
 *
 * @param limitValue with REJECTED_DRIFT the most that a clock may be ahead, milliseconds; with INVALID the opSeq before, or
 *     the last wall time there is; with REFUSED as the reason says; -1 if none
 * @param actualValue what met it, in the same unit; -1 if none
 */
public record MetLimit(long limitValue, long actualValue) {
    /** No limit was met. */
    public static final MetLimit NONE = new MetLimit(-1, -1);
}
