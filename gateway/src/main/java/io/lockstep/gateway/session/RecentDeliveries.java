package io.lockstep.gateway.session;

import io.lockstep.engine.delivery.DeliveryEncoder;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The latest deliveries of one database, each encoded once: what live sessions are fed from, and those that fell behind
 * by a moment. Takes no memory before the first one, then what it needs up to a limit, and none again when it is told that
 * the database is idle. One thread, which may patch an entry before it sends it.
 *
 * <pre>
 *   wrapped:      |  new   | tail →   free   | oldest … old   |unused|
 *   not wrapped:  |  free  | oldest …  new   | tail →  free          |
 * </pre>
 */
final class RecentDeliveries {
    private static final int ENTRIES_MAX = 4_096;
    private static final int ALIGNMENT = 8;
    private static final int CAPACITY_LEAST = 4_096;

    /** Room for one entry per so many bytes, a power of two. */
    private static final int BYTES_PER_ENTRY = 64;

    private static final UnsafeBuffer NO_BUFFER = new UnsafeBuffer(0, 0);
    private static final int[] NO_ENTRIES = {};

    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final int capacityMax;
    private UnsafeBuffer ring = NO_BUFFER;
    private int[] offsets = NO_ENTRIES;
    private int[] lengths = NO_ENTRIES;
    private UnsafeBuffer oversized = NO_BUFFER;
    private int looksSinceAdded;
    private long firstSequence;
    private long nextSequence;
    private int tail;
    private int lastOffset;
    private MutableDirectBuffer lastBuffer;

    RecentDeliveries(final int capacityMax, final long nextSequence) {
        this.capacityMax = capacityMax;
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
        looksSinceAdded = 0;
        final int room = DeliveryEncoder.lengthMax(length);
        if (room > capacityMax) {
            return addOversized(sequence, record, offset, length);
        }
        if (ring.capacity() < capacityMax && !hasRoom(room)) {
            grow(sequence, room);
        }
        final int target = claim(room);
        final int encoded = encoder.encode(record, offset, length, ring, target);
        final int slot = slot(sequence);
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
        return offsets[slot(sequence)];
    }

    int length(final long sequence) {
        return lengths[slot(sequence)];
    }

    /** Larger than all there is: sent from a buffer of its own, and kept for nobody. */
    private int addOversized(final long sequence, final DirectBuffer record, final int offset, final int length) {
        if (oversized.capacity() < DeliveryEncoder.lengthMax(length)) {
            BufferUtil.free(oversized);
            oversized = new UnsafeBuffer(ByteBuffer.allocateDirect(DeliveryEncoder.lengthMax(length)));
        }
        final int encoded = encoder.encode(record, offset, length, oversized, 0);
        reset(sequence + 1);
        lastBuffer = oversized;
        lastOffset = 0;
        return encoded;
    }

    private int slot(final long sequence) {
        return (int) (sequence & (offsets.length - 1));
    }

    /** Whether nothing need be forgotten for it. */
    private boolean hasRoom(final int room) {
        if (firstSequence == nextSequence || nextSequence - firstSequence == offsets.length) {
            return firstSequence == nextSequence && room <= ring.capacity();
        }
        final int oldest = offset(firstSequence);
        return tail > oldest ? room <= Math.max(ring.capacity() - tail, oldest) : room <= oldest - tail;
    }

    /** Forgets what it has: whoever still needs that is fed from the journal for a moment. */
    private void grow(final long sequence, final int room) {
        final int wanted = Math.max(Math.max(CAPACITY_LEAST, ring.capacity() * 2), Integer.highestOneBit(room) * 2);
        final int capacity = Math.min(wanted, capacityMax);
        final int entries = Math.min(ENTRIES_MAX, Math.max(1, Integer.highestOneBit(capacity / BYTES_PER_ENTRY)));
        free();
        ring = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        offsets = new int[entries];
        lengths = new int[entries];
        reset(sequence);
    }

    /** Gives its memory back if nothing was added since so many calls of this. Not while a delivery is being sent. */
    void releaseIfIdle(final int looks) {
        if (ring.capacity() > 0 && ++looksSinceAdded > looks) {
            free();
            reset(nextSequence);
        }
    }

    private void free() {
        if (ring.capacity() > 0) {
            BufferUtil.free(ring);
        }
        ring = NO_BUFFER;
        offsets = NO_ENTRIES;
        lengths = NO_ENTRIES;
        oversized = NO_BUFFER;
        lastBuffer = null;
    }

    private int claim(final int room) {
        if (nextSequence - firstSequence == offsets.length) {
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
