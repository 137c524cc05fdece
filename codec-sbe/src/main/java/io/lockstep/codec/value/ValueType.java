package io.lockstep.codec.value;

/**
 * Type codes of the value encoding, in the order in which values of different types compare.
 *
 * <pre>
 *  code  type     content after the code byte
 *  0     null     none
 *  1     boolean  1 byte, 0 or 1
 *  2     integer  8 bytes, little endian, signed
 *  3     decimal  uint32 LE length, then canonical ASCII digits with an optional minus; always outside 64 bits
 *  4     real     8 bytes, little endian, IEEE 754 binary64; the one NaN is 0x7FF8000000000000
 *  5     text     uint32 LE length, then valid UTF-8
 *  6     blob     uint32 LE length, then bytes
 *  7     json     uint32 LE length, then valid UTF-8
 * </pre>
 *
 * A key is its parts, one after another; in keys NaN and -0.0 are refused. Equal values have equal bytes, so keys and
 * values are compared as bytes.
 */
public final class ValueType {
    /** No value. */
    public static final int NULL = 0;

    /** True or false. */
    public static final int BOOLEAN = 1;

    /** Signed 64-bit integer. */
    public static final int INTEGER = 2;

    /** Integer outside 64 bits, as canonical digits. */
    public static final int DECIMAL = 3;

    /** IEEE 754 binary64. */
    public static final int REAL = 4;

    /** Valid UTF-8. */
    public static final int TEXT = 5;

    /** Bytes. */
    public static final int BLOB = 6;

    /** JSON as valid UTF-8 text; compared as bytes. */
    public static final int JSON = 7;

    /** Bits of the one NaN. */
    public static final long CANONICAL_NAN_BITS = 0x7FF8_0000_0000_0000L;

    private ValueType() {}
}
