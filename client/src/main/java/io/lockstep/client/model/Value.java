package io.lockstep.client.model;

import io.lockstep.codec.value.ValueOrder;
import io.lockstep.codec.value.ValueReader;
import io.lockstep.codec.value.ValueType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One value of the value model, kept in the value encoding. Immutable; equal values have equal bytes.
 *
 * <p>The order is that of the rules: by type in the order of {@link ValueType}, then numbers by value, reals by their 64
 * bits unsigned, the rest by bytes unsigned.
 */
public final class Value implements Comparable<Value> {
    /** No value. */
    public static final Value NULL = new Value(new byte[] {ValueType.NULL});

    private static final Value FALSE = new Value(new byte[] {ValueType.BOOLEAN, 0});
    private static final Value TRUE = new Value(new byte[] {ValueType.BOOLEAN, 1});
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int FIXED_LENGTH = 9;
    private static final int SIZED_HEADER_LENGTH = 5;

    private final byte[] encoded;

    private Value(final byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * True or false.
     *
     * @param value either
     * @return the value
     */
    public static Value ofBoolean(final boolean value) {
        return value ? TRUE : FALSE;
    }

    /**
     * A signed 64-bit integer.
     *
     * @param value any
     * @return the value
     */
    public static Value ofInteger(final long value) {
        return new Value(fixed(ValueType.INTEGER, value));
    }

    /**
     * An integer of any size: integer where 64 bits hold it, otherwise decimal.
     *
     * @param value any
     * @return the value
     */
    public static Value ofInteger(final BigInteger value) {
        return isOutside64Bits(value) ? ofDecimal(value) : ofInteger(value.longValue());
    }

    /**
     * An integer that 64 bits cannot hold.
     *
     * @param value outside of the range of a long
     * @return the value
     * @throws IllegalArgumentException if a long could hold it
     */
    public static Value ofDecimal(final BigInteger value) {
        if (!isOutside64Bits(value)) {
            throw new IllegalArgumentException("a decimal is outside 64 bits, use ofInteger: value=" + value);
        }
        return new Value(sized(ValueType.DECIMAL, value.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * A binary64. Every NaN becomes the one NaN.
     *
     * @param value any
     * @return the value
     */
    public static Value ofReal(final double value) {
        return new Value(fixed(ValueType.REAL, Double.doubleToLongBits(value)));
    }

    /**
     * Text.
     *
     * @param text without unpaired surrogates
     * @return the value
     * @throws IllegalArgumentException if it cannot be written as UTF-8
     */
    public static Value ofText(final String text) {
        return new Value(sized(ValueType.TEXT, Utf8.encode("text", text)));
    }

    /**
     * Bytes, copied.
     *
     * @param bytes any
     * @return the value
     */
    public static Value ofBlob(final byte[] bytes) {
        return new Value(sized(ValueType.BLOB, bytes));
    }

    /**
     * JSON; compared as bytes, not parsed.
     *
     * @param json without unpaired surrogates
     * @return the value
     * @throws IllegalArgumentException if it cannot be written as UTF-8
     */
    public static Value ofJson(final String json) {
        return new Value(sized(ValueType.JSON, Utf8.encode("json", json)));
    }

    /**
     * Reads one value that fills its bytes.
     *
     * @param buffer to read from
     * @param offset of the type code
     * @param length bytes of the whole encoding
     * @return the value
     * @throws IllegalArgumentException if the bytes are not exactly one value in canonical form
     */
    public static Value decode(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return decode(bytes);
    }

    /**
     * Reads one value that fills its bytes.
     *
     * @param bytes the whole encoding, copied
     * @return the value
     * @throws IllegalArgumentException if the bytes are not exactly one value in canonical form
     */
    public static Value decode(final byte[] bytes) {
        final int length = checkedLength(bytes, 0);
        if (length != bytes.length) {
            throw new IllegalArgumentException(
                    "bytes left over after a value: length=" + bytes.length + ", used=" + length);
        }
        return new Value(bytes.clone());
    }

    /** Reads the value that starts at an offset; the rest belongs to somebody else. */
    static Value decodeAt(final byte[] bytes, final int offset) {
        return new Value(Arrays.copyOfRange(bytes, offset, offset + checkedLength(bytes, offset)));
    }

    /**
     * The type code.
     *
     * @return one of {@link ValueType}
     */
    public int type() {
        return encoded[0];
    }

    /**
     * Whether this is the null.
     *
     * @return true for {@link #NULL}
     */
    public boolean isNull() {
        return type() == ValueType.NULL;
    }

    /**
     * The content of a boolean.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public boolean asBoolean() {
        require(ValueType.BOOLEAN);
        return encoded[1] != 0;
    }

    /**
     * The content of an integer.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public long asInteger() {
        require(ValueType.INTEGER);
        return word();
    }

    /**
     * The content of a decimal.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public BigInteger asDecimal() {
        require(ValueType.DECIMAL);
        return new BigInteger(new String(content(), StandardCharsets.US_ASCII));
    }

    /**
     * The content of a real.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public double asReal() {
        require(ValueType.REAL);
        return Double.longBitsToDouble(word());
    }

    /**
     * The content of a text.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public String asText() {
        require(ValueType.TEXT);
        return new String(content(), StandardCharsets.UTF_8);
    }

    /**
     * A copy of the content of a blob.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public byte[] asBlob() {
        require(ValueType.BLOB);
        return content();
    }

    /**
     * The content of a JSON.
     *
     * @return it
     * @throws IllegalStateException if it is of another type
     */
    public String asJson() {
        require(ValueType.JSON);
        return new String(content(), StandardCharsets.UTF_8);
    }

    /**
     * Bytes of the encoding.
     *
     * @return at least 1
     */
    public int encodedLength() {
        return encoded.length;
    }

    /**
     * Writes the encoding.
     *
     * @param buffer to write into
     * @param offset of the type code
     * @return bytes written
     */
    public int encode(final MutableDirectBuffer buffer, final int offset) {
        buffer.putBytes(offset, encoded);
        return encoded.length;
    }

    /**
     * A copy of the encoding.
     *
     * @return it
     */
    public byte[] toBytes() {
        return encoded.clone();
    }

    /** The encoding itself: whoever takes it must not write to it. */
    byte[] bytes() {
        return encoded;
    }

    /** Whether a key may hold it: neither NaN nor -0.0. */
    boolean isAllowedInKey() {
        return type() != ValueType.REAL || ValueReader.isKeyReal(word());
    }

    @Override
    public int compareTo(final Value other) {
        return ValueOrder.compare(
                new UnsafeBuffer(encoded), 0, encoded.length, new UnsafeBuffer(other.encoded), 0, other.encoded.length);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Value value && Arrays.equals(encoded, value.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /**
     * For people: type and content.
     *
     * @return such as {@code integer 5}
     */
    @Override
    public String toString() {
        return switch (type()) {
            case ValueType.NULL -> "null";
            case ValueType.BOOLEAN -> "boolean " + asBoolean();
            case ValueType.INTEGER -> "integer " + asInteger();
            case ValueType.DECIMAL -> "decimal " + asDecimal();
            case ValueType.REAL -> "real " + asReal();
            case ValueType.TEXT -> "text " + asText();
            case ValueType.JSON -> "json " + asJson();
            default -> "blob of " + (encoded.length - SIZED_HEADER_LENGTH) + " bytes";
        };
    }

    private void require(final int type) {
        if (type() != type) {
            throw new IllegalStateException("value of another type: value=" + this + ", type asked for=" + type);
        }
    }

    private long word() {
        return ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
    }

    private byte[] content() {
        return Arrays.copyOfRange(encoded, SIZED_HEADER_LENGTH, encoded.length);
    }

    /** Length of the value at an offset, after all of it was checked. */
    private static int checkedLength(final byte[] bytes, final int offset) {
        final int length = ValueReader.valueLength(new UnsafeBuffer(bytes), offset, bytes.length);
        if (length < 0) {
            throw new IllegalArgumentException("a value that " + ValueReader.describe(length));
        }
        return length;
    }

    private static boolean isOutside64Bits(final BigInteger value) {
        return value.compareTo(LONG_MIN) < 0 || value.compareTo(LONG_MAX) > 0;
    }

    private static byte[] fixed(final int type, final long word) {
        return ByteBuffer.allocate(FIXED_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .putLong(word)
                .array();
    }

    private static byte[] sized(final int type, final byte[] content) {
        return ByteBuffer.allocate(SIZED_HEADER_LENGTH + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .putInt(content.length)
                .put(content)
                .array();
    }
}
