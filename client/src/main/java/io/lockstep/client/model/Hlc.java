package io.lockstep.client.model;

import io.lockstep.codec.value.HlcDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A hybrid logical clock, compared by wall, counter, site and opSeq. Immutable.
 *
 * @param wall milliseconds since 1970, 0 to 2^48 - 1
 * @param counter 0 to 65,535
 * @param site the author
 * @param opSeq place within the transaction, unsigned 32 bits
 */
public record Hlc(long wall, int counter, Site site, int opSeq) implements Comparable<Hlc> {
    /** Largest counter. */
    public static final int COUNTER_MAX = 0xFFFF;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if wall or counter is out of range, naming it
     */
    public Hlc {
        checkWall(wall);
        checkCounter(counter);
        if (site == null) {
            throw new IllegalArgumentException("site=null");
        }
    }

    /**
     * Reads the 30 bytes of {@link HlcDescriptor}.
     *
     * @param buffer to read from
     * @param offset of the first byte
     * @return the clock
     */
    public static Hlc decode(final DirectBuffer buffer, final int offset) {
        return new Hlc(
                HlcDescriptor.wall(buffer, offset),
                HlcDescriptor.counter(buffer, offset),
                new Site(HlcDescriptor.siteHigh(buffer, offset), HlcDescriptor.siteLow(buffer, offset)),
                HlcDescriptor.opSeq(buffer, offset));
    }

    /**
     * Writes the 30 bytes of {@link HlcDescriptor}.
     *
     * @param buffer to write into
     * @param offset of the first byte
     */
    public void encode(final MutableDirectBuffer buffer, final int offset) {
        HlcDescriptor.put(buffer, offset, wall, counter, site.high(), site.low(), opSeq);
    }

    /**
     * The place within the transaction.
     *
     * @return 0 to 4,294,967,295
     */
    public long opSeqUnsigned() {
        return Integer.toUnsignedLong(opSeq);
    }

    @Override
    public int compareTo(final Hlc other) {
        int order = Long.compare(wall, other.wall);
        if (order == 0) {
            order = Integer.compare(counter, other.counter);
        }
        if (order == 0) {
            order = site.compareTo(other.site);
        }
        return order != 0 ? order : Integer.compareUnsigned(opSeq, other.opSeq);
    }

    static void checkWall(final long wall) {
        if (wall < 0 || wall >= HlcDescriptor.WALL_LIMIT) {
            throw new IllegalArgumentException(
                    "wall out of range: wall=" + wall + ", limit=" + (HlcDescriptor.WALL_LIMIT - 1));
        }
    }

    static void checkCounter(final int counter) {
        if (counter < 0 || counter > COUNTER_MAX) {
            throw new IllegalArgumentException("counter out of range: counter=" + counter + ", limit=" + COUNTER_MAX);
        }
    }
}
