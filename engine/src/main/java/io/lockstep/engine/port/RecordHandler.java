package io.lockstep.engine.port;

import org.agrona.DirectBuffer;

/** Receives the records of a {@link JournalReader}, on the reader's thread. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * One record. The buffer is only good until this returns.
     *
     * @param buffer holds an SBE JournalRecord with its header
     * @param offset of its first byte
     * @param length bytes
     * @return false to stop before the next one; this one counts as read
     */
    boolean onRecord(DirectBuffer buffer, int offset, int length);
}
