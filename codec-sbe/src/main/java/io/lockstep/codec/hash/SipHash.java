package io.lockstep.codec.hash;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * SipHash-c-d, a keyed hash that clients cannot aim, with a 64-bit or a 128-bit result.
 *
 * <p>A reusable flyweight over a stream of bytes: {@code init}, any number of {@code update}s, {@code finish}. How the
 * bytes are cut into updates does not matter. A word is its eight bytes in little-endian order, which is how words
 * are hashed without a buffer. Not thread-safe: one instance per thread. Allocates nothing after construction.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and their reference implementation for the
 * 128-bit result.
 */
public final class SipHash {
    private static final long INIT_0 = 0x736F_6D65_7073_6575L;
    private static final long INIT_1 = 0x646F_7261_6E64_6F6DL;
    private static final long INIT_2 = 0x6C79_6765_6E65_7261L;
    private static final long INIT_3 = 0x7465_6462_7974_6573L;
    private static final long WIDE_INIT = 0xEE;
    private static final long WIDE_SECOND_HALF = 0xDD;
    private static final long FINISH = 0xFF;

    private final int compressionRounds;
    private final int finishRounds;
    private final boolean wide;

    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long pending;
    private int pendingBits;
    private long count;
    private long high;
    private long low;

    /**
     * A hash with a number of rounds.
     *
     * @param compressionRounds rounds a word, 1 or more
     * @param finishRounds rounds at the end, 1 or more
     * @param wide true for 128 bits of result
     */
    public SipHash(final int compressionRounds, final int finishRounds, final boolean wide) {
        if (compressionRounds < 1 || finishRounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1: compressionRounds=" + compressionRounds
                    + ", finishRounds=" + finishRounds);
        }
        this.compressionRounds = compressionRounds;
        this.finishRounds = finishRounds;
        this.wide = wide;
    }

    /**
     * The fast one, for tables: SipHash-1-3 with 64 bits.
     *
     * @return a new flyweight
     */
    public static SipHash sipHash13() {
        return new SipHash(1, 3, false);
    }

    /**
     * The strong one, for digests: SipHash-2-4 with 128 bits.
     *
     * @return a new flyweight
     */
    public static SipHash sipHash24Wide() {
        return new SipHash(2, 4, true);
    }

    /**
     * Starts anew.
     *
     * @param k0 first half of the key
     * @param k1 second half of the key
     * @return this
     */
    public SipHash init(final long k0, final long k1) {
        v0 = INIT_0 ^ k0;
        v1 = INIT_1 ^ k1;
        v2 = INIT_2 ^ k0;
        v3 = INIT_3 ^ k1;
        if (wide) {
            v1 ^= WIDE_INIT;
        }
        pending = 0;
        pendingBits = 0;
        count = 0;
        return this;
    }

    /**
     * Takes in eight bytes.
     *
     * @param word the bytes, the first one lowest
     * @return this
     */
    public SipHash update(final long word) {
        count += Long.BYTES;
        if (pendingBits == 0) {
            compress(word);
        } else {
            compress(pending | word << pendingBits);
            pending = word >>> (Long.SIZE - pendingBits);
        }
        return this;
    }

    /**
     * Takes in two bytes: the way to prefix a name by its length.
     *
     * @param value the lowest 16 bits count, lowest byte first
     * @return this
     */
    public SipHash updateShort(final int value) {
        updateFew(value & 0xFFFFL, Short.BYTES);
        return this;
    }

    /**
     * Takes in a range of bytes.
     *
     * @param buffer holds them
     * @param offset of the first
     * @param length how many
     * @return this
     */
    public SipHash update(final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        int index = offset;
        final int end = offset + length;
        if (pendingBits == 0) {
            for (; index + Long.BYTES <= end; index += Long.BYTES) {
                compress(buffer.getLong(index, ByteOrder.LITTLE_ENDIAN));
            }
        } else {
            for (; index + Long.BYTES <= end; index += Long.BYTES) {
                final long word = buffer.getLong(index, ByteOrder.LITTLE_ENDIAN);
                compress(pending | word << pendingBits);
                pending = word >>> (Long.SIZE - pendingBits);
            }
        }
        count += index - offset;
        if (index < end) {
            updateFew(tail(buffer, index, end - index), end - index);
        }
        return this;
    }

    /**
     * Ends the hash. {@link #init} must come before the next use.
     *
     * @return the 64-bit result, or the low half of the 128-bit one
     */
    public long finish() {
        compress(pending | count << 56);
        v2 ^= wide ? WIDE_INIT : FINISH;
        rounds(finishRounds);
        low = v0 ^ v1 ^ v2 ^ v3;
        if (wide) {
            v1 ^= WIDE_SECOND_HALF;
            rounds(finishRounds);
            high = v0 ^ v1 ^ v2 ^ v3;
        }
        return low;
    }

    /**
     * The first eight bytes of the result, as a little-endian number.
     *
     * @return what {@link #finish} returned
     */
    public long low() {
        return low;
    }

    /**
     * The last eight bytes of a 128-bit result, as a little-endian number.
     *
     * @return 0 for a 64-bit hash
     */
    public long high() {
        return high;
    }

    /**
     * SipHash-1-3 of a range in one call.
     *
     * @param k0 first half of the key
     * @param k1 second half of the key
     * @param buffer holds the bytes
     * @param offset of the first
     * @param length how many
     * @return the 64-bit result
     */
    public static long hash13(
            final long k0, final long k1, final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        long a = INIT_0 ^ k0;
        long b = INIT_1 ^ k1;
        long c = INIT_2 ^ k0;
        long d = INIT_3 ^ k1;
        final int end = offset + length;
        int index = offset;
        boolean last = false;
        while (!last) {
            last = index + Long.BYTES > end;
            final long word = last
                    ? tail(buffer, index, end - index) | (long) length << 56
                    : buffer.getLong(index, ByteOrder.LITTLE_ENDIAN);
            index += Long.BYTES;
            d ^= word;
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
            a ^= word;
        }
        c ^= FINISH;
        for (int i = 0; i < 3; i++) {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
        return a ^ b ^ c ^ d;
    }

    private static long tail(final DirectBuffer buffer, final int offset, final int length) {
        long bits = 0;
        int shift = 0;
        int index = offset;
        if ((length & 4) != 0) {
            bits = buffer.getInt(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            shift = Integer.SIZE;
            index += Integer.BYTES;
        }
        if ((length & 2) != 0) {
            bits |= (buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFFL) << shift;
            shift += Short.SIZE;
            index += Short.BYTES;
        }
        if ((length & 1) != 0) {
            bits |= (buffer.getByte(index) & 0xFFL) << shift;
        }
        return bits;
    }

    /** Takes in 1 to 7 bytes; those above them must be zero. */
    private void updateFew(final long bytes, final int length) {
        count += length;
        final int bits = length * Byte.SIZE;
        pending |= bytes << pendingBits;
        if (pendingBits + bits >= Long.SIZE) {
            compress(pending);
            final int taken = Long.SIZE - pendingBits;
            pending = taken == bits ? 0 : bytes >>> taken;
            pendingBits = bits - taken;
        } else {
            pendingBits += bits;
        }
    }

    private void compress(final long word) {
        v3 ^= word;
        rounds(compressionRounds);
        v0 ^= word;
    }

    private void rounds(final int times) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int i = 0; i < times; i++) {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
        v0 = a;
        v1 = b;
        v2 = c;
        v3 = d;
    }
}
