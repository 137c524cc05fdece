package io.lockstep.client.wire;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Messages that were not answered yet, with their bytes, in the order of their ids. Ids count up from 0 and are never
 * used twice. Bytes lie in a ring, a message in one piece; the ring grows up to its limit. One thread; allocates nothing
 * but to grow.
 *
 * <pre>
 *   ids:    head          sendNext of the owner      tail
 *            | SENT, FREE … | QUEUED, SENT, FREE …    |
 *   bytes:  +--------------------------------------------+
 *           | wrapped messages | free | older messages    |
 *           +--------------------------------------------+
 * </pre>
 */
public final class PendingWindow {
    /** Too many messages. */
    public static final long WINDOW_FULL = -1;

    /** Too many bytes. */
    public static final long BUFFER_FULL = -2;

    /** Answered. */
    public static final byte FREE = 0;

    /** Not on the present connection. */
    public static final byte QUEUED = 1;

    /** On the present connection. */
    public static final byte SENT = 2;

    private static final int ALIGNMENT = 8;
    private static final int INITIAL_BYTES = 64 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final int bytesMax;
    private final int mask;
    private final int[] offsets;
    private final int[] lengths;
    private final byte[] states;
    private final byte[] losses;
    private long head;
    private long tail;
    private int byteTail;
    private int count;

    /**
     * An empty window.
     *
     * @param messagesMax most messages
     * @param bytesMax most bytes
     */
    public PendingWindow(final int messagesMax, final int bytesMax) {
        final int slots = BitUtil.findNextPositivePowerOfTwo(messagesMax);
        this.bytesMax = bytesMax & -ALIGNMENT;
        mask = slots - 1;
        offsets = new int[slots];
        lengths = new int[slots];
        states = new byte[slots];
        losses = new byte[slots];
        buffer.wrap(ByteBuffer.allocateDirect(Math.min(INITIAL_BYTES, this.bytesMax)));
    }

    /**
     * Copies a message into the window; it is QUEUED.
     *
     * @param source holds it
     * @param offset of its first byte
     * @param length bytes, at most {@link #bytesMax}
     * @return its id, or {@link #WINDOW_FULL} or {@link #BUFFER_FULL}
     */
    public long append(final DirectBuffer source, final int offset, final int length) {
        if (tail - head > mask) {
            return WINDOW_FULL;
        }
        int at = place(length);
        if (at < 0) {
            at = grow(length) ? place(length) : -1;
            if (at < 0) {
                return BUFFER_FULL;
            }
        }
        buffer.putBytes(at, source, offset, length);
        byteTail = at + BitUtil.align(length, ALIGNMENT);
        final int slot = (int) tail & mask;
        offsets[slot] = at;
        lengths[slot] = length;
        states[slot] = QUEUED;
        losses[slot] = 0;
        count++;
        return tail++;
    }

    /**
     * Frees an answered message.
     *
     * @param id of a message that is not FREE
     */
    public void release(final long id) {
        states[(int) id & mask] = FREE;
        count--;
        while (head < tail && states[(int) head & mask] == FREE) {
            head++;
        }
        if (head == tail) {
            byteTail = 0;
        }
    }

    /**
     * Whether it is not answered yet.
     *
     * @param id any
     * @return true if it is QUEUED or SENT
     */
    public boolean contains(final long id) {
        return id >= head && id < tail && states[(int) id & mask] != FREE;
    }

    /**
     * State of a message.
     *
     * @param id from head to tail
     * @return FREE, QUEUED or SENT
     */
    public byte state(final long id) {
        return states[(int) id & mask];
    }

    /**
     * Sets the state of a message that is not FREE.
     *
     * @param id from head to tail
     * @param state QUEUED or SENT
     */
    public void state(final long id, final byte state) {
        states[(int) id & mask] = state;
    }

    /**
     * How many connections were lost with it in flight.
     *
     * @param id from head to tail
     * @return 0 to 127
     */
    public int losses(final long id) {
        return losses[(int) id & mask];
    }

    /**
     * Counts a loss.
     *
     * @param id from head to tail
     */
    public void countLoss(final long id) {
        final int slot = (int) id & mask;
        if (losses[slot] < Byte.MAX_VALUE) {
            losses[slot]++;
        }
    }

    /**
     * Where a message is.
     *
     * @param id of a message that is not FREE
     * @return its offset in {@link #buffer}
     */
    public int offset(final long id) {
        return offsets[(int) id & mask];
    }

    /**
     * How long a message is.
     *
     * @param id of a message that is not FREE
     * @return bytes
     */
    public int length(final long id) {
        return lengths[(int) id & mask];
    }

    /**
     * Where messages are.
     *
     * @return the bytes
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * The oldest id that may not be FREE.
     *
     * @return at most {@link #tail}
     */
    public long head() {
        return head;
    }

    /**
     * The next id.
     *
     * @return at least 0
     */
    public long tail() {
        return tail;
    }

    /**
     * Messages that are not FREE.
     *
     * @return at least 0
     */
    public int count() {
        return count;
    }

    /**
     * Largest message that it can ever take.
     *
     * @return bytes
     */
    public int bytesMax() {
        return bytesMax;
    }

    private int place(final int length) {
        final int needed = BitUtil.align(length, ALIGNMENT);
        final int capacity = buffer.capacity();
        if (head == tail) {
            return needed <= capacity ? 0 : -1;
        }
        final int byteHead = offsets[(int) head & mask];
        if (byteTail > byteHead) {
            if (capacity - byteTail >= needed) {
                return byteTail;
            }
            return byteHead > needed ? 0 : -1;
        }
        return byteHead - byteTail > needed ? byteTail : -1;
    }

    /** A larger ring, with the messages closed up at its start. */
    private boolean grow(final int length) {
        if (buffer.capacity() == bytesMax) {
            return false;
        }
        final long wanted = Math.max(2L * buffer.capacity(), (long) buffer.capacity() + length + ALIGNMENT);
        final UnsafeBuffer larger =
                new UnsafeBuffer(ByteBuffer.allocateDirect((int) Math.min(bytesMax, wanted) & -ALIGNMENT));
        int at = 0;
        for (long id = head; id < tail; id++) {
            final int slot = (int) id & mask;
            if (states[slot] != FREE) {
                larger.putBytes(at, buffer, offsets[slot], lengths[slot]);
                offsets[slot] = at;
                at += BitUtil.align(lengths[slot], ALIGNMENT);
            }
        }
        buffer.wrap(larger);
        byteTail = at;
        return true;
    }
}
