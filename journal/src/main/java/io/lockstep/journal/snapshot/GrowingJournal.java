package io.lockstep.journal.snapshot;

/** What decides when a snapshot is due: how far the journal has come, and how much room there is. Any thread. */
public interface GrowingJournal {
    /**
     * Highest position appended.
     *
     * @return a position
     */
    long writtenPosition();

    /**
     * How much was appended after a position.
     *
     * @param position 0 or more
     * @return bytes, the file of the position itself not counted while it is not the current one
     */
    long bytesAfter(long position);

    /**
     * Gives up the oldest files, as far as a rule allows. One thread at a time.
     *
     * @param rule says which
     * @return how many files went
     */
    int retain(RetentionRule rule);

    /**
     * Free bytes of the file system.
     *
     * @return bytes
     */
    long freeBytes();
}
