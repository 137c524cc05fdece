package io.lockstep.engine.record;

import io.lockstep.codec.LargeSetCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts a large change set together again out of its records, as the CHANGE_SET that it would be if one record could hold it:
 * survivors, outcomes, digest and hash are those of its LARGE_CHANGE_SET, the time is the set's own. What comes out is for
 * those who read change sets; it is no record of the journal, and its checksum is not right. One thread.
 */
public final class LargeSetAssembly implements AutoCloseable {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(0, 0);

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LargeSetParts parts = new LargeSetParts();
    private final LargeSetCommandDecoder largeSet = new LargeSetCommandDecoder();
    private UnsafeBuffer logical = NOTHING;
    private int length;

    /**
     * Takes a part.
     *
     * @param record a SET_PART
     * @return false if it does not follow the one before
     */
    public boolean onPart(final RecordView record) {
        return parts.onPart(record);
    }

    /**
     * Takes the record that makes the parts a change set.
     *
     * @param record a LARGE_CHANGE_SET
     * @return false if its parts are not all there
     */
    public boolean onLargeSet(final RecordView record) {
        if (!parts.areWhole(record)) {
            return false;
        }
        largeSet.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        final int totalBytes = parts.length();
        final int before = record.survivorsOffset() + record.survivorsLength() - record.offset();
        final int outcomes = record.outcomesLength();
        length = before + totalBytes + outcomes + 2 * RecordDescriptor.DATA_LENGTH_LENGTH;
        logical = room(logical, length);
        logical.putBytes(0, record.buffer(), record.offset(), before);
        logical.putInt(before, totalBytes, LE);
        final int command = before + RecordDescriptor.DATA_LENGTH_LENGTH;
        logical.putBytes(command, parts.buffer(), 0, totalBytes);
        logical.putInt(command + totalBytes, outcomes, LE);
        logical.putBytes(
                command + totalBytes + RecordDescriptor.DATA_LENGTH_LENGTH,
                record.buffer(),
                record.outcomesOffset(),
                outcomes);
        logical.putInt(RecordDescriptor.LENGTH_OFFSET, length, LE);
        logical.putByte(RecordDescriptor.KIND_OFFSET, (byte) RecordKind.CHANGE_SET.value());
        logical.putLong(RecordDescriptor.STAMPED_TIME_OFFSET, largeSet.stampedTimeMs(), LE);
        parts.taken();
        return true;
    }

    /**
     * The change set that {@link #onLargeSet} put together last, from offset 0 on.
     *
     * @return good until the next one, or the close
     */
    public UnsafeBuffer buffer() {
        return logical;
    }

    /**
     * Bytes of that change set.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    private static UnsafeBuffer room(final UnsafeBuffer present, final int capacity) {
        if (present.capacity() >= capacity) {
            return present;
        }
        free(present);
        return new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    private static void free(final UnsafeBuffer buffer) {
        if (buffer.capacity() > 0) {
            BufferUtil.free(buffer);
        }
    }

    /** Gives its memory back, and forgets what it has. It may be used again. */
    @Override
    public void close() {
        parts.close();
        free(logical);
        logical = NOTHING;
    }
}
