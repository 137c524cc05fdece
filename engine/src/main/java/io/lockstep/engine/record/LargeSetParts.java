package io.lockstep.engine.record;

import io.lockstep.codec.LargeSetCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SetPartCommandDecoder;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gathers the SET_PARTs of a large change set: the SubmitChangeSet message that they are parts of. One thread.
 *
 * <p>Parts without their LARGE_CHANGE_SET, of a node that ended between them or a set that had no effect, are dropped when
 * the next set begins.
 */
public final class LargeSetParts implements AutoCloseable {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SetPartCommandDecoder part = new SetPartCommandDecoder();
    private final LargeSetCommandDecoder largeSet = new LargeSetCommandDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int databaseId;
    private int totalBytes;
    private int received;

    /**
     * Takes a part.
     *
     * @param record a SET_PART
     * @return false if it does not follow the one before
     */
    public boolean onPart(final RecordView record) {
        part.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        final long offset = part.partOffset();
        final long total = part.totalBytes();
        if (offset == 0) {
            if (total <= 0 || total > Integer.MAX_VALUE / 4) {
                return false;
            }
            received = 0;
            databaseId = record.databaseId();
            totalBytes = (int) total;
            reserve(totalBytes);
        }
        final int partLength = part.bytesLength();
        if (offset != received
                || record.databaseId() != databaseId
                || total != totalBytes
                || partLength > totalBytes - received) {
            return false;
        }
        bytes.putBytes(received, record.buffer(), part.limit() + SetPartCommandDecoder.bytesHeaderLength(), partLength);
        received += partLength;
        return true;
    }

    /**
     * Whether all parts are there of the set that a record ends.
     *
     * @param record a LARGE_CHANGE_SET
     * @return false if they are not, or are those of another set
     */
    public boolean areWhole(final RecordView record) {
        return totalBytes > 0
                && record.databaseId() == databaseId
                && received == totalBytes
                && totalBytes(record) == totalBytes;
    }

    private long totalBytes(final RecordView record) {
        return largeSet.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                .totalBytes();
    }

    /**
     * Holds the SubmitChangeSet message from offset 0 on.
     *
     * @return good until the next set begins, or the close
     */
    public UnsafeBuffer buffer() {
        return bytes;
    }

    /**
     * Bytes of that message.
     *
     * @return bytes
     */
    public int length() {
        return totalBytes;
    }

    /** The set was taken: a part that follows begins another one. The bytes stay. */
    void taken() {
        received = 0;
        databaseId = 0;
    }

    /** Not cleared: that would cost as much as the parts, all at once. */
    private void reserve(final int capacity) {
        if (bytes.capacity() < capacity) {
            free();
            bytes.wrap(UnsafeApi.allocateMemory(capacity), capacity);
        }
    }

    private void free() {
        if (bytes.capacity() > 0) {
            UnsafeApi.freeMemory(bytes.addressOffset());
            bytes.wrap(0, 0);
        }
    }

    /** Gives its memory back, and forgets what it has. It may be used again. */
    @Override
    public void close() {
        free();
        totalBytes = 0;
        taken();
    }
}
