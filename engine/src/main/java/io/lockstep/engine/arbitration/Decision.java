package io.lockstep.engine.arbitration;

/**
 * Where the arbiter put what it decided. Mutable, reused by the caller; every decide call overwrites all of it.
 */
public final class Decision {
    private int recordOffset;
    private int recordLength;
    private int answerOffset;
    private int answerLength;
    private int databaseId;

    /** Nothing was decided yet. */
    public void clear() {
        recordOffset = 0;
        recordLength = 0;
        answerOffset = 0;
        answerLength = 0;
        databaseId = 0;
    }

    /**
     * Notes the record.
     *
     * @param offset of its first byte
     * @param length bytes
     */
    public void record(final int offset, final int length) {
        recordOffset = offset;
        recordLength = length;
    }

    /**
     * Notes the answer.
     *
     * @param offset of its first byte
     * @param length bytes
     */
    public void answer(final int offset, final int length) {
        answerOffset = offset;
        answerLength = length;
    }

    /**
     * Notes the database.
     *
     * @param newDatabaseId 0 if none
     */
    public void databaseId(final int newDatabaseId) {
        databaseId = newDatabaseId;
    }

    /**
     * Where the unsealed JournalRecord starts.
     *
     * @return an offset into the out buffer
     */
    public int recordOffset() {
        return recordOffset;
    }

    /**
     * Bytes of the record.
     *
     * @return 0 if the command changed nothing
     */
    public int recordLength() {
        return recordLength;
    }

    /**
     * Where the answer starts.
     *
     * @return an offset into the out buffer
     */
    public int answerOffset() {
        return answerOffset;
    }

    /**
     * Bytes of the answer.
     *
     * @return 0 if there is none
     */
    public int answerLength() {
        return answerLength;
    }

    /**
     * The database that the command was for, or that it opened.
     *
     * @return 0 if none
     */
    public int databaseId() {
        return databaseId;
    }

    /**
     * Bytes used of the out buffer, from where the caller said.
     *
     * @param outOffset what the caller said
     * @return bytes
     */
    public int usedLength(final int outOffset) {
        return Math.max(recordOffset + recordLength, answerOffset + answerLength) - outOffset;
    }
}
