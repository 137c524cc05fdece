package io.lockstep.journal;

/**
 * Where the records of one journal file lie: each by its entry (its position less the file's first), and those of each
 * database in their order. Any thread reads.
 *
 * <p>A <em>handle</em> stands for a database that occurs in the file, a <em>mark</em> for one of its records; both mean
 * nothing to another index, not even of the same file. What an index says is never the last word: the reader checks that
 * the record is the one it looked for.
 */
interface FileIndex {
    /** Answered for what is not there. */
    int NONE = -1;

    /** As a previous position: there may be one, but this index does not know it. */
    long UNKNOWN = -1;

    /** Whether all that was read from this index up to now may be wrong, since its memory serves another file. */
    boolean isRecycled();

    /** How many records it knows. */
    int entries();

    /** Offset of a record's document, {@link #NONE} if it does not know the entry. */
    int documentOffset(int entry);

    /**
     * The handle of a database.
     *
     * @param databaseId any
     * @param hint the handle, if the asker knows it; {@link #NONE} otherwise
     * @return {@link #NONE} if it does not occur
     */
    int find(int databaseId, int hint);

    /** The database's first sequence in this file. */
    long firstSequence(int handle);

    /** Position of the database's last record before this file; 0 if there is none, {@link #UNKNOWN}. */
    long previousPosition(int handle);

    /** The handle of the database in the file of the previous position, if that file's index is in memory. */
    int previousHint(int handle);

    /** Mark of the database's first record. */
    int firstMark(int handle);

    /** The database's next record, {@link #NONE} if this one is the last. */
    int nextMark(int handle, int mark);

    /** The record that holds a sequence at or above the first, {@link #NONE} if there is none. */
    int markOfSequence(int handle, long sequence);

    /** The first record at or behind an entry, {@link #NONE} if there is none. */
    int markFrom(int handle, int entry);

    /** The entry of a mark. */
    int entry(int mark);
}
