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
     * Moves so that the record that holds a sequence comes at the next poll or a bounded number of records later.
     *
     * @param databaseId of the database
     * @param sequence 1 or more
     * @return false if the journal holds no such sequence, and then the reader has not moved
     */
    boolean seekSequence(int databaseId, long sequence);

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

    @Override
    void close();
}
