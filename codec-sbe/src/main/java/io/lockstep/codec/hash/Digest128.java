package io.lockstep.codec.hash;

/**
 * A sum modulo 2^128 that hashes are added to and taken from, in any order. Mutable and not thread-safe; starts at zero.
 */
public final class Digest128 {
    private long high;
    private long low;

    /**
     * The upper half.
     *
     * @return bits 64 to 127
     */
    public long high() {
        return high;
    }

    /**
     * The lower half.
     *
     * @return bits 0 to 63
     */
    public long low() {
        return low;
    }

    /**
     * Sets the sum.
     *
     * @param newHigh bits 64 to 127
     * @param newLow bits 0 to 63
     */
    public void set(final long newHigh, final long newLow) {
        high = newHigh;
        low = newLow;
    }

    /**
     * Adds modulo 2^128.
     *
     * @param addHigh bits 64 to 127
     * @param addLow bits 0 to 63
     */
    public void add(final long addHigh, final long addLow) {
        low += addLow;
        high += addHigh + (Long.compareUnsigned(low, addLow) < 0 ? 1 : 0);
    }

    /**
     * Subtracts modulo 2^128.
     *
     * @param subHigh bits 64 to 127
     * @param subLow bits 0 to 63
     */
    public void subtract(final long subHigh, final long subLow) {
        final int borrow = Long.compareUnsigned(low, subLow) < 0 ? 1 : 0;
        low -= subLow;
        high -= subHigh + borrow;
    }

    /**
     * Tells whether this is a given sum.
     *
     * @param otherHigh bits 64 to 127
     * @param otherLow bits 0 to 63
     * @return true if both halves are the same
     */
    public boolean matches(final long otherHigh, final long otherLow) {
        return high == otherHigh && low == otherLow;
    }

    /** The 32 hex digits of the sum, high half first. */
    @Override
    public String toString() {
        return hex(high) + hex(low);
    }

    private static String hex(final long value) {
        final String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
