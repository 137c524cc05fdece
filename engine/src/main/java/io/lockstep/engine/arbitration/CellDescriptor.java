package io.lockstep.engine.arbitration;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * A live cell. A value of more than 32 KiB is a long one: it lies in chunks, so that it can be copied, hashed and written
 * a chunk at a time, and its hash for the digest beside it, so that it can go in no time.
 *
 * <pre>
 *   0                           16           20
 *  +---------------------------+------------+------------------------------+
 *  | clock, StampDescriptor    | length     | value in the value encoding  |
 *  +---------------------------+------------+------------------------------+
 *
 *   0                           16           20           24              40
 *  +---------------------------+------------+------------+---------------+---------------------+
 *  | clock, StampDescriptor    | length     |            | cell128       | chunk, int | ...    |
 *  +---------------------------+------------+------------+---------------+---------------------+
 * </pre>
 */
final class CellDescriptor {
    /** Bytes of a chunk of a long value; longer values than this are long. With the longest key it fits the smallest frame. */
    static final int CHUNK_BYTES = 32 << 10;

    private static final int CHUNK_SHIFT = 15;
    private static final int VALUE_LENGTH_OFFSET = StampDescriptor.LENGTH;
    private static final int VALUE_OFFSET = VALUE_LENGTH_OFFSET + 4;
    private static final int HASH_OFFSET = VALUE_OFFSET + 4;
    private static final int CHUNKS_OFFSET = HASH_OFFSET + 2 * Long.BYTES;

    private CellDescriptor() {}

    static boolean isLong(final int valueLength) {
        return valueLength > CHUNK_BYTES;
    }

    /** Bytes of the block that the cell starts with; there is no other for short values. */
    static int blockBytes(final int valueLength) {
        return isLong(valueLength)
                ? CHUNKS_OFFSET + chunkCount(valueLength) * Integer.BYTES
                : VALUE_OFFSET + valueLength;
    }

    /** Memory that a cell takes, with all its blocks. */
    static int memoryBytes(final int valueLength) {
        final int block = Arena.blockBytes(blockBytes(valueLength));
        if (!isLong(valueLength)) {
            return block;
        }
        final int last = chunkCount(valueLength) - 1;
        return block + last * CHUNK_BYTES + Arena.blockBytes(chunkBytes(valueLength, last));
    }

    /** Reads a word of the cell, so that it is at hand. */
    static int touch(final long cell) {
        return UnsafeApi.getInt(cell);
    }

    /** Reads the last byte of a value that is not long, which may be in another line. */
    static int touchEnd(final long cell) {
        final int length = valueLength(cell);
        return UnsafeApi.getByte(cell + VALUE_OFFSET + (isLong(length) ? 0 : length) - 1);
    }

    static int chunkCount(final int valueLength) {
        return (valueLength + CHUNK_BYTES - 1) >>> CHUNK_SHIFT;
    }

    /** Bytes of the value that a chunk holds. */
    static int chunkBytes(final int valueLength, final int chunk) {
        return Math.min(CHUNK_BYTES, valueLength - (chunk << CHUNK_SHIFT));
    }

    /** Puts a cell whose value is not long. */
    static void put(
            final long cell,
            final Clock clock,
            final int opSeq,
            final DirectBuffer value,
            final int valueOffset,
            final int valueLength) {
        StampDescriptor.put(cell, clock, opSeq);
        UnsafeApi.putInt(cell + VALUE_LENGTH_OFFSET, valueLength);
        NativeBytes.read(value, valueOffset, valueLength, cell + VALUE_OFFSET);
    }

    /** Puts all of a cell with a long value but its chunks. */
    static void putLong(
            final long cell,
            final Clock clock,
            final int opSeq,
            final int valueLength,
            final long hashHigh,
            final long hashLow) {
        StampDescriptor.put(cell, clock, opSeq);
        UnsafeApi.putInt(cell + VALUE_LENGTH_OFFSET, valueLength);
        UnsafeApi.putLong(cell + HASH_OFFSET, hashHigh);
        UnsafeApi.putLong(cell + HASH_OFFSET + Long.BYTES, hashLow);
    }

    static void chunk(final long cell, final int chunk, final int ref) {
        UnsafeApi.putInt(cell + CHUNKS_OFFSET + (long) chunk * Integer.BYTES, ref);
    }

    static int chunk(final long cell, final int chunk) {
        return UnsafeApi.getInt(cell + CHUNKS_OFFSET + (long) chunk * Integer.BYTES);
    }

    /** Of a cell with a long value. */
    static long hashHigh(final long cell) {
        return UnsafeApi.getLong(cell + HASH_OFFSET);
    }

    /** Of a cell with a long value. */
    static long hashLow(final long cell) {
        return UnsafeApi.getLong(cell + HASH_OFFSET + Long.BYTES);
    }

    /** The first byte of a value that is not long. */
    static long value(final long cell) {
        return cell + VALUE_OFFSET;
    }

    static int valueLength(final long cell) {
        return UnsafeApi.getInt(cell + VALUE_LENGTH_OFFSET);
    }

    /** Copies bytes of a value, long or not. */
    static void copyValue(
            final Arena arena,
            final long cell,
            final int from,
            final int length,
            final MutableDirectBuffer out,
            final int offset) {
        if (!isLong(valueLength(cell))) {
            NativeBytes.write(value(cell) + from, length, out, offset);
            return;
        }
        int done = 0;
        while (done < length) {
            final int at = from + done;
            final int within = at & (CHUNK_BYTES - 1);
            final int bytes = Math.min(length - done, CHUNK_BYTES - within);
            NativeBytes.write(arena.address(chunk(cell, at >>> CHUNK_SHIFT)) + within, bytes, out, offset + done);
            done += bytes;
        }
    }

    /** Whether a long value is the same as bytes elsewhere. */
    static boolean isLongValue(
            final Arena arena, final long cell, final DirectBuffer value, final int offset, final int length) {
        if (valueLength(cell) != length) {
            return false;
        }
        for (int i = 0; i < chunkCount(length); i++) {
            if (!NativeBytes.equal(
                    value, offset + (i << CHUNK_SHIFT), chunkBytes(length, i), arena.address(chunk(cell, i)))) {
                return false;
            }
        }
        return true;
    }

    /** Gives a cell's memory back. */
    static void free(final MemoryAccount account, final int ref) {
        final long cell = account.arena().address(ref);
        final int length = valueLength(cell);
        if (isLong(length)) {
            freeChunks(account, cell, length, chunkCount(length));
        }
        account.free(ref, blockBytes(length));
    }

    static void freeChunks(final MemoryAccount account, final long cell, final int valueLength, final int chunks) {
        for (int i = 0; i < chunks; i++) {
            account.free(chunk(cell, i), chunkBytes(valueLength, i));
        }
    }
}
