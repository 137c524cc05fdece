package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;

/**
 * One errand of a subscription to the journal: check a cursor, read a bounded piece. At any time one thread owns it; it
 * goes to the reader and comes back through queues, and a subscription has one at most.
 */
final class CatchUpTicket {
    /** What became of it. */
    enum Result {
        /** What is in the chunk was read; nothing, if the journal had no more. */
        READ,
        /** The cursor cannot be served: {@link #refusal()} says why. */
        REFUSED,
        /** The journal cannot be read; the node stops. */
        FAILED
    }

    private final Subscription owner;
    private int databaseId;
    private long fromSequence;
    private long resumePosition;
    private int bytesMax;
    private int partFrom;
    private ChangeFilters filters = ChangeFilters.ALL;
    private boolean verify;
    private long expectedCheck;
    private volatile boolean unwanted;

    private Result result;
    private CatchUpChunk chunk;
    private CursorRefusal refusal;
    private long oldestSequence;
    private long nextPosition;
    private boolean more;
    private long lastSequence;
    private long lastCheck;

    CatchUpTicket(final Subscription owner) {
        this.owner = owner;
    }

    /**
     * Says what is wanted. Thread of the transports.
     *
     * @param newDatabaseId of the database
     * @param newFromSequence first sequence wanted
     * @param newResumePosition where it may be looked for from, 0 if unknown
     * @param newBytesMax stop after so much
     * @param newFilters leave out what they do not match
     */
    void ask(
            final int newDatabaseId,
            final long newFromSequence,
            final long newResumePosition,
            final int newBytesMax,
            final ChangeFilters newFilters) {
        filters = newFilters;
        lastSequence = newFromSequence - 1;
        databaseId = newDatabaseId;
        fromSequence = newFromSequence;
        resumePosition = newResumePosition;
        bytesMax = newBytesMax;
        partFrom = 0;
        verify = false;
        refusal = null;
        result = null;
        chunk = null;
    }

    /** Adds that so much of the first sequence was sent, which is that of a large change set. */
    void partFrom(final int bytes) {
        partFrom = bytes;
    }

    /** Nobody waits for the answer any more. Thread of the transports, whoever owns the ticket. */
    void unwanted() {
        unwanted = true;
    }

    /** Whether nobody will look at the answer. Any thread. */
    boolean isUnwanted() {
        return unwanted;
    }

    /** How much of the first sequence is not wanted any more. */
    int partFrom() {
        return partFrom;
    }

    /** Adds that the record before must have this check. */
    void verify(final long check) {
        verify = true;
        expectedCheck = check;
    }

    /** Asks for nothing but what is oldest, so that a refusal can tell it. */
    void refuse(final CursorRefusal why) {
        refusal = why;
    }

    /** What is oldest, of a ticket that was refused from the start. */
    void refused(final long oldest) {
        refused(refusal, oldest);
    }

    Subscription owner() {
        return owner;
    }

    int databaseId() {
        return databaseId;
    }

    long fromSequence() {
        return fromSequence;
    }

    long resumePosition() {
        return resumePosition;
    }

    int bytesMax() {
        return bytesMax;
    }

    boolean mustVerify() {
        return verify;
    }

    long expectedCheck() {
        return expectedCheck;
    }

    /** Read a sequence, whether it matches or not. */
    void examined(final long sequence, final long check) {
        lastSequence = sequence;
        lastCheck = check;
    }

    /** What it was filtered by. */
    ChangeFilters filters() {
        return filters;
    }

    /** Up to here everything that matches is in the chunk. */
    long lastSequence() {
        return lastSequence;
    }

    /** Check of the last sequence; undefined if none was read. */
    long lastCheck() {
        return lastCheck;
    }

    void read(final CatchUpChunk filled, final long newNextPosition, final boolean thereIsMore) {
        more = thereIsMore;
        result = Result.READ;
        chunk = filled;
        nextPosition = newNextPosition;
    }

    void historyDiffers(final long actualCheck, final long oldest) {
        refused(CursorRefusal.historyDiffers(fromSequence - 1, expectedCheck, actualCheck), oldest);
    }

    void beyondRetention(final long oldest) {
        refused(CursorRefusal.beyondRetention(fromSequence - 1, oldest), oldest);
    }

    private void refused(final CursorRefusal why, final long oldest) {
        result = Result.REFUSED;
        refusal = why;
        oldestSequence = oldest;
    }

    void failed() {
        result = Result.FAILED;
    }

    Result result() {
        return result;
    }

    /** Null unless something was read. */
    CatchUpChunk chunk() {
        return chunk;
    }

    /** Why the cursor cannot be served; null unless that is known. */
    CursorRefusal refusal() {
        return refusal;
    }

    long oldestSequence() {
        return oldestSequence;
    }

    /** Whether the reader stopped before it came to the end. */
    boolean more() {
        return more;
    }

    /** The first position not looked at yet; 0 if it is not known. */
    long nextPosition() {
        return nextPosition;
    }
}
