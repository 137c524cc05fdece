package io.lockstep.codec.value;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A hybrid logical clock as 30 bytes whose unsigned order is the order of clocks.
 *
 * <pre>
 *   0            8              10                 26              30
 *  +------------+--------------+------------------+---------------+
 *  | wall u64BE | counter u16BE| site, 16 bytes   | opSeq u32 BE  |
 *  +------------+--------------+------------------+---------------+
 * </pre>
 *
 * The wall is milliseconds since 1970, below 2^48.
 */
public final class HlcDescriptor {
    /** Bytes of a clock. */
    public static final int LENGTH = 30;

    /** Walls are below this. */
    public static final long WALL_LIMIT = 1L << 48;

    private static final int WALL_OFFSET = 0;
    private static final int COUNTER_OFFSET = 8;
    private static final int SITE_HIGH_OFFSET = 10;
    private static final int SITE_LOW_OFFSET = 18;
    private static final int OP_SEQ_OFFSET = 26;

    private HlcDescriptor() {}

    /**
     * Writes a clock.
     *
     * @param buffer to write into
     * @param offset of its first byte
     * @param wall milliseconds since 1970, below 2^48
     * @param counter 0 to 65,535
     * @param siteHigh first eight bytes of the site, big-endian
     * @param siteLow last eight bytes of the site, big-endian
     * @param opSeq unsigned 32 bits
     */
    public static void put(
            final MutableDirectBuffer buffer,
            final int offset,
            final long wall,
            final int counter,
            final long siteHigh,
            final long siteLow,
            final int opSeq) {
        buffer.putLong(offset + WALL_OFFSET, wall, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + COUNTER_OFFSET, (short) counter, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + SITE_HIGH_OFFSET, siteHigh, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + SITE_LOW_OFFSET, siteLow, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + OP_SEQ_OFFSET, opSeq, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The wall time.
     *
     * @param buffer to read from
     * @param offset of the clock's first byte
     * @return milliseconds since 1970
     */
    public static long wall(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + WALL_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The counter.
     *
     * @param buffer to read from
     * @param offset of the clock's first byte
     * @return 0 to 65,535
     */
    public static int counter(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + COUNTER_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /**
     * The first half of the site.
     *
     * @param buffer to read from
     * @param offset of the clock's first byte
     * @return the first eight bytes of the site as a big-endian long
     */
    public static long siteHigh(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SITE_HIGH_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The second half of the site.
     *
     * @param buffer to read from
     * @param offset of the clock's first byte
     * @return the last eight bytes of the site as a big-endian long
     */
    public static long siteLow(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SITE_LOW_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The place within the transaction.
     *
     * @param buffer to read from
     * @param offset of the clock's first byte
     * @return unsigned 32 bits
     */
    public static int opSeq(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + OP_SEQ_OFFSET, ByteOrder.BIG_ENDIAN);
    }
}
