package io.lockstep.journal.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The header before each block of a snapshot file. All little-endian; blocks follow one another without a gap.
 *
 * <pre>
 *   0         4         8            16      20            24        28        32
 *  +---------+---------+------------+-------+-------------+---------+---------+---------
 *  | magic   | crc32c  | number     | kind  | databaseId  | length  | last    | entries
 *  +---------+---------+------------+-------+-------------+---------+---------+---------
 *            |         covered by the crc, with the entries
 * </pre>
 */
final class SnapshotFileFormat {
    static final int HEADER_BYTES = 32;
    static final int MAGIC = 0x4253_4B4C;

    /** No block is longer: a length above it is damage, and is not allocated. */
    static final int BLOCK_BYTES_MAX = 64 << 20;

    private static final int CRC_OFFSET = 4;
    private static final int COVERED_OFFSET = 8;
    private static final int KIND_OFFSET = 16;
    private static final int DATABASE_OFFSET = 20;
    private static final int LENGTH_OFFSET = 24;
    private static final int LAST_OFFSET = 28;

    private SnapshotFileFormat() {}

    static ByteBuffer newHeader() {
        return ByteBuffer.allocateDirect(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fills the header of a block; both buffers stand at their start after it. */
    static void put(
            final ByteBuffer header,
            final long number,
            final int kind,
            final int databaseId,
            final boolean last,
            final ByteBuffer entries) {
        header.clear();
        header.putInt(0, MAGIC)
                .putLong(COVERED_OFFSET, number)
                .putInt(KIND_OFFSET, kind)
                .putInt(DATABASE_OFFSET, databaseId)
                .putInt(LENGTH_OFFSET, entries.remaining())
                .putInt(LAST_OFFSET, last ? 1 : 0);
        header.putInt(CRC_OFFSET, crc(header, entries));
    }

    /** Null if the header can be believed as far as that can be told before the entries are there; else what is wrong. */
    static String trouble(final ByteBuffer header, final long number, final long bytesLeft) {
        final String trouble = trouble(header, bytesLeft);
        return trouble == null && number(header) != number
                ? "block out of order: number=" + number(header) + ", expected=" + number
                : trouble;
    }

    static long number(final ByteBuffer header) {
        return header.getLong(COVERED_OFFSET);
    }

    /** As the other, but for who does not read from the beginning. */
    static String trouble(final ByteBuffer header, final long bytesLeft) {
        if (header.getInt(0) != MAGIC) {
            return "no block";
        }
        final int length = length(header);
        if (length < 0 || length > BLOCK_BYTES_MAX || length > bytesLeft) {
            return "block longer than it can be: length=" + length + ", bytesLeft=" + bytesLeft + ", blockBytesMax="
                    + BLOCK_BYTES_MAX;
        }
        return null;
    }

    static boolean isSound(final ByteBuffer header, final ByteBuffer entries) {
        return header.getInt(CRC_OFFSET) == crc(header, entries);
    }

    static int length(final ByteBuffer header) {
        return header.getInt(LENGTH_OFFSET);
    }

    static int kind(final ByteBuffer header) {
        return header.getInt(KIND_OFFSET);
    }

    static int databaseId(final ByteBuffer header) {
        return header.getInt(DATABASE_OFFSET);
    }

    static boolean isLast(final ByteBuffer header) {
        return header.getInt(LAST_OFFSET) != 0;
    }

    private static int crc(final ByteBuffer header, final ByteBuffer entries) {
        final CRC32C crc = new CRC32C();
        header.position(COVERED_OFFSET);
        crc.update(header);
        header.position(0);
        final int position = entries.position();
        crc.update(entries);
        entries.position(position);
        return (int) crc.getValue();
    }
}
