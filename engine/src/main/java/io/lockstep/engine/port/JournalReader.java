package io.lockstep.engine.port;

/**
 * Reads records in order of position. Belongs to one thread. Records voided by a cut are skipped, and every record's
 * length, position and CRC are checked before it is handed on.
 */
public interface JournalReader extends AutoCloseable {
    /**
     * Moves so that the next record polled is the one at a position.
     *
     * @param position 1 or more; may be one past the last written
     */
    void seek(long position);

    /**
     * Moves so that the next record polled is the one that holds a sequence. Costs the same wherever it lies, and
     * whatever other databases wrote.
     *
     * @param databaseId of the database
     * @param sequence 1 or more
     * @return false if the journal holds no such sequence, and then the reader has not moved
     */
    boolean seekSequence(int databaseId, long sequence);

    /**
     * The lowest sequence of a database that the journal still holds. Does not move the reader.
     *
     * @param databaseId of the database
     * @return 0 if it holds none
     */
    long oldestSequence(int databaseId);

    /**
     * Hands on what there is.
     *
     * @param handler gets each record
     * @param positionMax no record above this position is handed on
     * @param limit at most this many records
     * @return how many were handed on
     * @throws JournalFailedException on damage, naming the position
     */
    int poll(RecordHandler handler, long positionMax, int limit);

    /**
     * Hands on the change sets of one database from where the reader stands, and nothing else. What other databases wrote
     * in between is not looked at, and costs nothing. Afterwards the reader stands behind the last record handed on; if
     * there was none, where it stood.
     *
     * @param databaseId of the database
     * @param handler gets each record
     * @param positionMax no record above this position is handed on
     * @param limit at most this many records
     * @return how many were handed on
     * @throws JournalFailedException on damage, naming the position
     */
    int pollDatabase(int databaseId, RecordHandler handler, long positionMax, int limit);

    /**
     * The hash of a database's newest record when that record was given up: a client that has it has everything.
     *
     * @param databaseId of the database
     * @param sequence that the client has
     * @return 0 if the newest record given up has another sequence, or none is known
     */
    default long retainedCheck(final int databaseId, final long sequence) {
        return 0;
    }

    @Override
    void close();
}
