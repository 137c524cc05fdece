package io.lockstep.client.store;

import org.agrona.DirectBuffer;

/** Takes records. */
@FunctionalInterface
public interface RecordSink {
    /**
     * Takes a record.
     *
     * @param kind 0 to {@link Store#KIND_OWN_MIN} - 1
     * @param buffer holds the payload, which is copied
     * @param offset of its first byte
     * @param length bytes
     */
    void append(int kind, DirectBuffer buffer, int offset, int length);
}
