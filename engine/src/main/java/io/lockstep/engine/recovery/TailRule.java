package io.lockstep.engine.recovery;

/**
 * Tells a torn tail from damage. Dirty pages reach the disk in any order, so after a power cut a bad record with good
 * ones behind it is normal above what was synced; below it, it is always damage.
 */
public final class TailRule {
    /** What a disk writes or does not write as a whole, bytes. */
    public static final int SECTOR_BYTES = 512;

    private TailRule() {}

    /**
     * Judges the first bad record of a journal.
     *
     * @param badPosition the position that was expected where the bytes are bad
     * @param highestDurablePosition the highest durable position named by any valid record of the journal, those behind
     *     the bad one included
     * @param onlyWholeZeroSectorsMissing whether all that is missing of it are whole sectors of {@value #SECTOR_BYTES}
     *     bytes, still zero as the file was allocated
     * @return the verdict, with the rule that was applied
     */
    public static TailVerdict judge(
            final long badPosition, final long highestDurablePosition, final boolean onlyWholeZeroSectorsMissing) {
        final String values = "badPosition=" + badPosition + ", highestDurablePosition=" + highestDurablePosition;
        if (badPosition <= highestDurablePosition) {
            return new TailVerdict(
                    false,
                    "damage: a bad record at or below the highest durable position was on stable storage once; "
                            + values);
        }
        if (onlyWholeZeroSectorsMissing) {
            return new TailVerdict(
                    true,
                    "torn tail: above the highest durable position, and what is missing are whole zero sectors of the"
                            + " allocated file; cut from here on; " + values);
        }
        return new TailVerdict(
                false,
                "damage: above the highest durable position, but what is wrong are not whole zero sectors, so bytes were"
                        + " changed after they were written; " + values);
    }
}
