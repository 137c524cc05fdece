package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * Off-heap memory of all databases of a node: blocks by size class, addressed by an int.
 *
 * <p>A reference counts units of 8 bytes and is unsigned, so that it reaches 32 GiB; 0 is no block. Memory comes from the
 * system in chunks that are not touched before they are used, so that growing does not pause. A freed block goes to
 * the list of its class; a block of a class whose list is empty is cut from fresh memory, or from a larger free block
 * where the chunk has no room left. Blocks are not zeroed; those of more than 256 bytes start at a cache line. Not
 * thread-safe.
 *
 * <pre>
 *  class    1 .. 32   8, 16, 24 ... 256 bytes
 *  class   33 .. 92   four steps a doubling: 320, 384, 448, 512, 640 ... 8 MiB
 * </pre>
 */
final class Arena implements AutoCloseable {
    /** Bytes that the arena asks of the system at a time. */
    static final int CHUNK_BYTES = 16 << 20;

    /** Largest block. */
    static final int BLOCK_BYTES_MAX = CHUNK_BYTES / 2;

    private static final int UNIT_SHIFT = 3;
    private static final int UNIT_BYTES = 1 << UNIT_SHIFT;
    private static final int CHUNK_UNITS_SHIFT = 21;
    private static final int CHUNK_UNITS_MASK = (1 << CHUNK_UNITS_SHIFT) - 1;
    private static final int SMALL_SHIFT = 8;
    private static final int SMALL_BYTES_MAX = 1 << SMALL_SHIFT;
    private static final int SMALL_CLASSES = SMALL_BYTES_MAX / UNIT_BYTES;
    private static final int CLASSES = SMALL_CLASSES + 1 + 4 * (23 - SMALL_SHIFT);
    private static final int ALIGNMENT = 64;
    private static final int LINE_UNITS_MASK = ALIGNMENT / UNIT_BYTES - 1;

    private final long[] chunkMemory;
    private final long[] chunkBase;
    private final int[] freeHeads = new int[CLASSES];
    private int chunks;
    private int nextUnit;
    private int unitsLeft;
    private long usedBytes;
    private long reservedBytes;

    Arena(final long bytesMax) {
        final int chunksMax = (int) Math.max(1, bytesMax / CHUNK_BYTES);
        chunkMemory = new long[chunksMax];
        chunkBase = new long[chunksMax];
    }

    /** The size of the block that holds so many bytes. */
    static int blockBytes(final int bytes) {
        if (bytes <= SMALL_BYTES_MAX) {
            return Math.max(UNIT_BYTES, (bytes + UNIT_BYTES - 1) & -UNIT_BYTES);
        }
        final int msb = 31 - Integer.numberOfLeadingZeros(bytes - 1);
        final int step = 1 << (msb - 2);
        return (bytes + step - 1) & -step;
    }

    /** The address of a block's first byte; good until the arena is closed. */
    long address(final int ref) {
        return chunkBase[ref >>> CHUNK_UNITS_SHIFT] + ((long) (ref & CHUNK_UNITS_MASK) << UNIT_SHIFT);
    }

    /** The block that starts at an address: the other way round than {@link #address}, and slow. */
    int ref(final long address) {
        int chunk = 0;
        while (address < chunkBase[chunk] || address >= chunkBase[chunk] + CHUNK_BYTES) {
            chunk++;
        }
        return (chunk << CHUNK_UNITS_SHIFT) + (int) ((address - chunkBase[chunk]) >>> UNIT_SHIFT);
    }

    /** A block of at least so many bytes, 1 to {@link #BLOCK_BYTES_MAX}; its content is undefined. */
    int allocate(final int bytes) {
        final int index = classOf(bytes);
        final int size = blockBytes(bytes);
        usedBytes += size;
        final int head = freeHeads[index];
        if (head != 0) {
            freeHeads[index] = UnsafeApi.getInt(address(head));
            return head;
        }
        final int units = size >>> UNIT_SHIFT;
        if (index > SMALL_CLASSES) {
            alignFresh();
        }
        if (units <= unitsLeft) {
            return take(units);
        }
        return allocateSlow(index, units);
    }

    /** Gives back a block that was allocated with so many bytes, or others of the same {@link #blockBytes}. */
    void free(final int ref, final int bytes) {
        usedBytes -= blockBytes(bytes);
        push(ref, classOf(bytes));
    }

    /** Bytes in blocks that are in use. */
    long usedBytes() {
        return usedBytes;
    }

    /** Bytes that were never in a block yet, whether or not the system gave them already, less those that are reserved. */
    long freshBytes() {
        return (long) (chunkBase.length - chunks) * CHUNK_BYTES + ((long) unitsLeft << UNIT_SHIFT) - reservedBytes;
    }

    /** Keeps fresh memory for what is not allocated at once; negative to give it back. */
    void reserve(final long bytes) {
        reservedBytes += bytes;
    }

    /** Most bytes that blocks may take. */
    long bytesMax() {
        return (long) chunkBase.length * CHUNK_BYTES;
    }

    /** Gives all memory back to the system. */
    @Override
    public void close() {
        for (int i = 0; i < chunks; i++) {
            UnsafeApi.freeMemory(chunkMemory[i]);
            chunkBase[i] = 0;
        }
        chunks = 0;
        unitsLeft = 0;
    }

    private static int classOf(final int bytes) {
        if (bytes <= SMALL_BYTES_MAX) {
            return Math.max(1, (bytes + UNIT_BYTES - 1) >>> UNIT_SHIFT);
        }
        final int msb = 31 - Integer.numberOfLeadingZeros(bytes - 1);
        return SMALL_CLASSES + 1 + ((msb - SMALL_SHIFT) << 2) + ((bytes - 1 - (1 << msb)) >>> (msb - 2));
    }

    private static int classBytes(final int index) {
        if (index <= SMALL_CLASSES) {
            return index << UNIT_SHIFT;
        }
        final int step = index - SMALL_CLASSES - 1;
        final int msb = SMALL_SHIFT + (step >>> 2);
        return (1 << msb) + (((step & 3) + 1) << (msb - 2));
    }

    private int take(final int units) {
        final int ref = nextUnit;
        nextUnit += units;
        unitsLeft -= units;
        return ref;
    }

    /** Moves fresh memory on to a cache line; what is before it becomes free blocks. */
    private void alignFresh() {
        final int gap = Math.min(-nextUnit & LINE_UNITS_MASK, unitsLeft);
        if (gap > 0) {
            pushRange(take(gap), gap);
        }
    }

    private int allocateSlow(final int index, final int units) {
        for (int larger = index + 1; larger < CLASSES; larger++) {
            final int head = freeHeads[larger];
            if (head != 0) {
                freeHeads[larger] = UnsafeApi.getInt(address(head));
                pushRange(head + units, (classBytes(larger) >>> UNIT_SHIFT) - units);
                return head;
            }
        }
        pushRange(nextUnit, unitsLeft);
        addChunk();
        if (index > SMALL_CLASSES) {
            alignFresh();
        }
        return take(units);
    }

    private void addChunk() {
        if (chunks == chunkBase.length) {
            throw new IllegalStateException("arena is exhausted: usedBytes=" + usedBytes + ", bytesMax=" + bytesMax());
        }
        chunkMemory[chunks] = UnsafeApi.allocateMemory(CHUNK_BYTES + ALIGNMENT);
        chunkBase[chunks] = (chunkMemory[chunks] + ALIGNMENT - 1) & -ALIGNMENT;
        nextUnit = chunks << CHUNK_UNITS_SHIFT;
        unitsLeft = 1 << CHUNK_UNITS_SHIFT;
        if (chunks == 0) {
            take(1); // reference 0 is no block
        }
        chunks++;
    }

    /** Cuts a range into blocks as large as they come, small ones up to the next cache line first. */
    private void pushRange(final int firstUnit, final int units) {
        int ref = firstUnit;
        int left = units;
        while (left > 0) {
            final int gap = -ref & LINE_UNITS_MASK;
            final int bytes = Math.min((gap > 0 ? Math.min(gap, left) : left) << UNIT_SHIFT, BLOCK_BYTES_MAX);
            int index = classOf(bytes);
            if (classBytes(index) > bytes) {
                index--;
            }
            final int blockUnits = classBytes(index) >>> UNIT_SHIFT;
            push(ref, index);
            ref += blockUnits;
            left -= blockUnits;
        }
    }

    private void push(final int ref, final int index) {
        UnsafeApi.putInt(address(ref), freeHeads[index]);
        freeHeads[index] = ref;
    }
}
