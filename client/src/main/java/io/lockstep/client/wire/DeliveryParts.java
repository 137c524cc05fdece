package io.lockstep.client.wire;

import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.ErrorCode;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts a delivery together that is too large for a frame. Holds it while its parts come, and nothing after. One thread. */
final class DeliveryParts {
    /** Largest delivery, bytes. */
    static final int TOTAL_BYTES_MAX = 256 << 20;

    private static final int FIRST_BYTES = 1 << 20;

    private byte[] bytes = {};
    private long sequence;
    private int total;
    private int received;

    /** Forgets what has come so far. */
    void clear() {
        bytes = new byte[0];
        total = 0;
        received = 0;
    }

    /**
     * The next part.
     *
     * @return true when the delivery is whole
     */
    boolean add(final DeliveryPartDecoder part) throws ProtocolException {
        final long offset = part.partOffset();
        if (offset == 0) {
            clear();
            sequence = part.sequence();
            if (part.totalBytes() > TOTAL_BYTES_MAX) {
                throw new ProtocolException(
                        ErrorCode.FRAME_TOO_LARGE.value(),
                        "DeliveryPart: deliveryBytesMax=" + TOTAL_BYTES_MAX + ", totalBytes=" + part.totalBytes());
            }
            total = (int) part.totalBytes();
        }
        if (offset != received || part.sequence() != sequence || part.totalBytes() != total) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(),
                    "DeliveryPart out of order: sequence=" + part.sequence() + ", partOffset=" + offset
                            + ", expectedSequence=" + sequence + ", expectedOffset=" + received);
        }
        final int length = part.bytesLength();
        if (received + length > bytes.length) {
            final long wanted = Math.max(FIRST_BYTES, Math.max(2L * bytes.length, (long) received + length));
            bytes = Arrays.copyOf(bytes, (int) Math.min(total, wanted));
        }
        part.getBytes(bytes, received, length);
        received += length;
        return received == total;
    }

    /** The whole delivery. */
    UnsafeBuffer buffer() {
        return new UnsafeBuffer(bytes, 0, total);
    }
}
