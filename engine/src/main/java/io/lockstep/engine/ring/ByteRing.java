package io.lockstep.engine.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes in flight: one off-heap buffer, claimed in order and freed in order.
 *
 * <pre>
 *   0          freed            claimed         capacity
 *  +----------+----------------+--------------+
 *  |  free    | in flight      |  free        |      a claim never wraps: what is left at the end is skipped
 *  +----------+----------------+--------------+
 * </pre>
 *
 * <p>One thread claims and trims, one thread frees; they may be different threads. Positions grow for ever and wrap
 * into the buffer. A claim is a multiple of {@value #ALIGNMENT} bytes. Whenever everything is free the writer goes back
 * to the start of the buffer, so that a ring that drains keeps to few cache lines. Nothing is allocated after
 * construction; a full ring answers {@link #FULL}.
 */
public final class ByteRing {
    /** Claims start at multiples of this many bytes. */
    public static final int ALIGNMENT = 8;

    /** Answer of a claim that does not fit now. */
    public static final int FULL = -1;

    /** From this offset on the writer looks whether it can go back to the start. */
    private static final int REWIND_BYTES = 256 * 1024;

    private static final VarHandle FREED;

    static {
        try {
            FREED = MethodHandles.lookup().findVarHandle(ByteRing.class, "freed", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final UnsafeBuffer buffer;
    private final int capacity;
    private final int mask;

    private long head;
    private long claimStart;
    private long freedSeen;

    // stored through FREED with release order: a volatile store would cost a full fence
    private volatile long freed;

    /**
     * Allocates the buffer.
     *
     * @param capacityBytes a power of two, at least 64
     */
    public ByteRing(final int capacityBytes) {
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < 64) {
            throw new IllegalArgumentException(
                    "a byte ring is a power of two of at least 64 bytes: capacityBytes=" + capacityBytes);
        }
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacityBytes));
        capacity = capacityBytes;
        mask = capacityBytes - 1;
    }

    /**
     * The bytes. Each claim belongs to its claimer until it is published, then to its readers until it is freed.
     *
     * @return the one buffer
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Size of the buffer.
     *
     * @return bytes
     */
    public int capacity() {
        return capacity;
    }

    /**
     * The largest claim that is sure to fit once everything is free.
     *
     * @return bytes
     */
    public int claimBytesMax() {
        return capacity;
    }

    /** Gives the memory back; its {@link #buffer()} has no bytes from then on. Once nobody uses it any more. */
    void free() {
        BufferUtil.free(buffer.byteBuffer());
        buffer.wrap(0, 0);
    }

    /**
     * Claims contiguous bytes. Writer only.
     *
     * @param length bytes, 0 to {@link #claimBytesMax()}
     * @return an offset into {@link #buffer()}, or {@link #FULL}
     */
    public int tryClaim(final int length) {
        if (length < 0 || length > capacity) {
            throw new IllegalArgumentException("length=" + length + ", claimBytesMax=" + capacity);
        }
        final int aligned = BitUtil.align(length, ALIGNMENT);
        final int offset = (int) head & mask;
        final int skipped = offset + aligned > capacity ? capacity - offset : 0;
        if (head + skipped + aligned - freedSeen <= capacity && offset < REWIND_BYTES) {
            return take(skipped, aligned);
        }
        return tryClaimSlowPath(aligned, offset, skipped);
    }

    private int tryClaimSlowPath(final int aligned, final int offset, final int skipped) {
        freedSeen = Math.max(freedSeen, freed);
        if (freedSeen == head) {
            final int toStart = offset == 0 ? 0 : capacity - offset;
            freedSeen += toStart;
            return take(toStart, aligned);
        }
        return head + skipped + aligned - freedSeen <= capacity ? take(skipped, aligned) : FULL;
    }

    private int take(final int skipped, final int aligned) {
        claimStart = head + skipped;
        head = claimStart + aligned;
        return (int) claimStart & mask;
    }

    /**
     * Gives back the end of the last claim. Writer only, before anything else is claimed.
     *
     * @param usedLength bytes that stay, at most what was claimed
     */
    public void trim(final int usedLength) {
        final long end = claimStart + BitUtil.align(usedLength, ALIGNMENT);
        if (usedLength < 0 || end > head) {
            throw new IllegalArgumentException("usedLength=" + usedLength + ", claimed=" + (head - claimStart));
        }
        head = end;
    }

    /**
     * End of the last claim: what {@link #free} takes once everything up to it has been read. Writer only.
     *
     * @return a position, never backwards
     */
    public long claimedPosition() {
        return head;
    }

    /**
     * Whether a claim would be granted now. Writer only.
     *
     * @param length bytes
     * @return true if {@link #tryClaim} would grant it
     */
    public boolean hasRoom(final int length) {
        final int aligned = BitUtil.align(length, ALIGNMENT);
        final int offset = (int) head & mask;
        final int skipped = offset + aligned > capacity ? capacity - offset : 0;
        if (head + skipped + aligned - freedSeen <= capacity) {
            return true;
        }
        freedSeen = Math.max(freedSeen, freed);
        return freedSeen == head || head + skipped + aligned - freedSeen <= capacity;
    }

    /**
     * Everything claimed up to a position may be overwritten. Reader only.
     *
     * @param position a {@link #claimedPosition()} as of some claim; not below the one given before
     */
    public void free(final long position) {
        FREED.setRelease(this, position);
    }

    /**
     * Bytes in flight, as far as the freeing thread has said so; skipped bytes count. Any thread, for statistics only.
     *
     * @return bytes, 0 to capacity
     */
    public int inFlightBytes() {
        return (int) Math.max(0, Math.min(capacity, head - freed));
    }
}
