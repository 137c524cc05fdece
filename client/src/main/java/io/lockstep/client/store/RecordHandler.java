package io.lockstep.client.store;

import org.agrona.DirectBuffer;

/** Gets the records of a store, oldest first. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * A record.
     *
     * @param kind as given when it was appended
     * @param buffer holds the payload, until the call returns
     * @param offset of its first byte
     * @param length bytes
     */
    void onRecord(int kind, DirectBuffer buffer, int offset, int length);
}
