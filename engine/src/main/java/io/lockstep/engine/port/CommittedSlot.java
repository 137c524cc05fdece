package io.lockstep.engine.port;

import io.lockstep.engine.command.CommandKind;
import org.agrona.DirectBuffer;

/** What egress sees of a committed ring slot. A flyweight: good only during the call that hands it on. */
public interface CommittedSlot {
    /**
     * What the command was.
     *
     * @return its kind
     */
    CommandKind kind();

    /**
     * Who asked.
     *
     * @return the session, 0 if none
     */
    long sessionId();

    /**
     * The database it was for, or that it opened.
     *
     * @return 0 if none
     */
    int databaseId();

    /**
     * The journal position up to which everything must have been committed for this slot to be.
     *
     * @return a position
     */
    long position();

    /**
     * Holds answer and record.
     *
     * @return the buffer
     */
    DirectBuffer buffer();

    /**
     * Where the answer starts: an SBE message with its header, for the session.
     *
     * @return an offset into {@link #buffer()}
     */
    int answerOffset();

    /**
     * Bytes of the answer.
     *
     * @return 0 if there is none
     */
    int answerLength();

    /**
     * Where the journal record starts: a sealed JournalRecord with its header.
     *
     * @return an offset into {@link #buffer()}
     */
    int recordOffset();

    /**
     * Bytes of the record.
     *
     * @return 0 if the command left none
     */
    int recordLength();
}
