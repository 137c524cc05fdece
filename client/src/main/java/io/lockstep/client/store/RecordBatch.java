package io.lockstep.client.store;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Records that wait to be written together. Not thread-safe. */
final class RecordBatch {
    private static final int KEPT_BYTES_MAX = 1 << 20;
    private static final int FIRST_BYTES = 1 << 14;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    void add(final int kind, final long durable, final DirectBuffer buffer, final int offset, final int count) {
        final int recordLength = (int) RecordDescriptor.recordLength(count);
        ensure(recordLength);
        buffer.getBytes(offset, bytes, length + RecordDescriptor.HEADER_LENGTH, count);
        final int padded = length + RecordDescriptor.HEADER_LENGTH + count;
        Arrays.fill(bytes, padded, length + recordLength, (byte) 0);
        RecordDescriptor.seal(bytes, length, count, kind, durable);
        length += recordLength;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    private void ensure(final int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
