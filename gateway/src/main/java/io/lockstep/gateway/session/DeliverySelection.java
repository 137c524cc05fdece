package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.DeliveryFilter;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What of a delivery one subscription is sent: the delivery itself, or a copy of what its filters match. Those with the same
 * filters one after another are served from one copy. Good until the next call. Thread of the transports.
 */
final class DeliverySelection {
    /** A larger copy is not kept. */
    private static final int KEPT_BYTES_MAX = 256 * 1024;

    private final DeliveryFilter filter = new DeliveryFilter();
    private UnsafeBuffer copy = new UnsafeBuffer(0, 0);
    private ChangeFilters lastFilters;
    private DatabaseFeed lastFeed;
    private long lastSequence;
    private MutableDirectBuffer buffer;
    private int offset;
    private int length;

    /** Returns false if nothing matches. */
    boolean select(
            final ChangeFilters filters,
            final DatabaseFeed feed,
            final long sequence,
            final MutableDirectBuffer source,
            final int sourceOffset,
            final int sourceLength) {
        if (sequence == lastSequence && feed == lastFeed && filters.equals(lastFilters)) {
            if (buffer != copy && length > 0) {
                whole(source, sourceOffset, sourceLength);
            }
            return length > 0;
        }
        lastFilters = filters;
        lastFeed = feed;
        lastSequence = sequence;
        if (filter.match(filters, source, sourceOffset) == 0) {
            length = 0;
        } else if (filter.isWhole()) {
            whole(source, sourceOffset, sourceLength);
        } else {
            if (copy.capacity() < sourceLength || copy.capacity() > KEPT_BYTES_MAX) {
                copy = new UnsafeBuffer(ByteBuffer.allocateDirect(sourceLength));
            }
            buffer = copy;
            offset = 0;
            length = filter.copy(sourceOffset, copy, 0);
        }
        return length > 0;
    }

    private void whole(final MutableDirectBuffer source, final int sourceOffset, final int sourceLength) {
        buffer = source;
        offset = sourceOffset;
        length = sourceLength;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }
}
