package io.lockstep.client.model;

import java.util.UUID;

/**
 * One replica of a database: 16 bytes, in unsigned order. Immutable.
 *
 * @param high first eight bytes, big-endian
 * @param low last eight bytes, big-endian
 */
public record Site(long high, long low) implements Comparable<Site> {
    private static final int HEX_DIGITS = 32;
    private static final int HEX_DIGITS_HALF = 16;

    /**
     * The site of a UUID.
     *
     * @param uuid any
     * @return the site with the same 16 bytes
     */
    public static Site of(final UUID uuid) {
        return new Site(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * Reads 32 hexadecimal digits, with or without the dashes of a UUID.
     *
     * @param text to read
     * @return the site
     * @throws IllegalArgumentException if it is neither
     */
    public static Site parse(final String text) {
        final String digits = text.replace("-", "");
        if (digits.length() != HEX_DIGITS) {
            throw new IllegalArgumentException("site needs 32 hexadecimal digits: text=" + text);
        }
        for (int i = 0; i < HEX_DIGITS; i++) {
            if (Character.digit(digits.charAt(i), 16) < 0) {
                throw new IllegalArgumentException("site needs 32 hexadecimal digits: text=" + text);
            }
        }
        return new Site(
                Long.parseUnsignedLong(digits, 0, HEX_DIGITS_HALF, 16),
                Long.parseUnsignedLong(digits, HEX_DIGITS_HALF, HEX_DIGITS, 16));
    }

    /**
     * The same 16 bytes as a UUID.
     *
     * @return the UUID
     */
    public UUID toUuid() {
        return new UUID(high, low);
    }

    @Override
    public int compareTo(final Site other) {
        final int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /**
     * 32 lower-case hexadecimal digits.
     *
     * @return what {@link #parse} reads
     */
    @Override
    public String toString() {
        return hex(high) + hex(low);
    }

    private static String hex(final long value) {
        final String digits = Long.toHexString(value);
        return "0".repeat(HEX_DIGITS_HALF - digits.length()) + digits;
    }
}
