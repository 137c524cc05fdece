package io.lockstep.gateway.session;

import io.lockstep.engine.delivery.DeliveryEncoder;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The latest deliveries of one database, each encoded once: what live sessions are fed from, and those that fell behind
 * by a moment. Constant memory. One thread, which may patch an entry before it sends it.
 *
 * <pre>
 *   wrapped:      |  new   | tail →   free   | oldest … old   |unused|
 *   not wrapped:  |  free  | oldest …  new   | tail →  free          |
 * </pre>
 */
final class RecentDeliveries {
    private static final int ENTRIES_MAX = 4_096;
    private static final int ALIGNMENT = 8;

    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final UnsafeBuffer ring;
    private final int[] offsets = new int[ENTRIES_MAX];
    private final int[] lengths = new int[ENTRIES_MAX];
    private UnsafeBuffer oversized = new UnsafeBuffer(0, 0);
    private long firstSequence;
    private long nextSequence;
    private int tail;
    private int lastOffset;
    private MutableDirectBuffer lastBuffer;

    RecentDeliveries(final int capacity, final long nextSequence) {
        ring = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        reset(nextSequence);
    }

    /** Forgets everything; the next one added has the given sequence. */
    void reset(final long sequence) {
        firstSequence = sequence;
        nextSequence = sequence;
        tail = 0;
    }

    /** Encodes the delivery of a record. Returns its length; 0 if it has no effects, and then nothing is kept of it. */
    int add(final long sequence, final DirectBuffer record, final int offset, final int length) {
        if (sequence != nextSequence) {
            reset(sequence);
        }
        final int room = DeliveryEncoder.lengthMax(length);
        final int target = claim(room);
        if (target < 0) {
            return addOversized(sequence, record, offset, length);
        }
        final int encoded = encoder.encode(record, offset, length, ring, target);
        final int slot = (int) (sequence & (ENTRIES_MAX - 1));
        offsets[slot] = target;
        lengths[slot] = encoded;
        nextSequence = sequence + 1;
        tail = target + ((encoded + ALIGNMENT - 1) & -ALIGNMENT);
        lastBuffer = ring;
        lastOffset = target;
        return encoded;
    }

    /** Where the delivery added last is; good until the next one is added. */
    MutableDirectBuffer lastBuffer() {
        return lastBuffer;
    }

    int lastOffset() {
        return lastOffset;
    }

    boolean holds(final long sequence) {
        return sequence >= firstSequence && sequence < nextSequence;
    }

    MutableDirectBuffer buffer() {
        return ring;
    }

    int offset(final long sequence) {
        return offsets[(int) (sequence & (ENTRIES_MAX - 1))];
    }

    int length(final long sequence) {
        return lengths[(int) (sequence & (ENTRIES_MAX - 1))];
    }

    /** Larger than all there is: sent from a buffer of its own, and kept for nobody. */
    private int addOversized(final long sequence, final DirectBuffer record, final int offset, final int length) {
        if (oversized.capacity() < DeliveryEncoder.lengthMax(length)) {
            oversized = new UnsafeBuffer(ByteBuffer.allocateDirect(DeliveryEncoder.lengthMax(length)));
        }
        final int encoded = encoder.encode(record, offset, length, oversized, 0);
        reset(sequence + 1);
        lastBuffer = oversized;
        lastOffset = 0;
        return encoded;
    }

    private int claim(final int room) {
        if (room > ring.capacity()) {
            return -1;
        }
        if (nextSequence - firstSequence == ENTRIES_MAX) {
            firstSequence++;
        }
        while (firstSequence < nextSequence) {
            final int oldest = offset(firstSequence);
            if (tail > oldest) {
                if (room <= ring.capacity() - tail) {
                    return tail;
                }
                if (room <= oldest) {
                    return 0;
                }
            } else if (room <= oldest - tail) {
                return tail;
            }
            firstSequence++;
        }
        return 0;
    }
}
