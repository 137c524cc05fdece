package io.lockstep.engine.arbitration;

import io.lockstep.codec.value.ValueType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A value of the semantics, for models and tests: type code and content, and nothing shared with the product's own code for
 * values but the type codes.
 *
 * @param type a code of {@link ValueType}
 * @param content null, Boolean, BigInteger (integer and decimal), Long (bits of a real), String (text, json, and blobs
 *     in hex)
 */
public record ModelValue(int type, Object content) implements Comparable<ModelValue> {
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    /** Null. */
    public static ModelValue ofNull() {
        return new ModelValue(ValueType.NULL, null);
    }

    /** A boolean. */
    public static ModelValue of(final boolean value) {
        return new ModelValue(ValueType.BOOLEAN, value);
    }

    /** An integer or, outside 64 bits, a decimal. */
    public static ModelValue of(final BigInteger value) {
        final boolean fits = value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0;
        return new ModelValue(fits ? ValueType.INTEGER : ValueType.DECIMAL, value);
    }

    /** An integer. */
    public static ModelValue of(final long value) {
        return of(BigInteger.valueOf(value));
    }

    /** A real. */
    public static ModelValue real(final double value) {
        return new ModelValue(ValueType.REAL, Double.doubleToLongBits(value));
    }

    /** Text. */
    public static ModelValue text(final String value) {
        return new ModelValue(ValueType.TEXT, value);
    }

    /** A blob. */
    public static ModelValue blob(final String hex) {
        return new ModelValue(ValueType.BLOB, hex);
    }

    /** Json. */
    public static ModelValue json(final String value) {
        return new ModelValue(ValueType.JSON, value);
    }

    /** What a part of a key turns into where keys have the form of Quereus. */
    public ModelValue folded() {
        if (type == ValueType.BOOLEAN) {
            return of((Boolean) content ? 1 : 0);
        }
        if (type == ValueType.REAL) {
            final double value = Double.longBitsToDouble((Long) content);
            if (!Double.isInfinite(value) && !Double.isNaN(value)) {
                final BigDecimal exact = new BigDecimal(value);
                if (exact.stripTrailingZeros().scale() <= 0) {
                    return of(exact.toBigIntegerExact());
                }
            }
        }
        return this;
    }

    /** In the value encoding. */
    public byte[] encoded() {
        final ByteBuffer fixed =
                ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) type);
        switch (type) {
            case ValueType.NULL:
                break;
            case ValueType.BOOLEAN:
                fixed.put((byte) ((Boolean) content ? 1 : 0));
                break;
            case ValueType.INTEGER:
                fixed.putLong(((BigInteger) content).longValueExact());
                break;
            case ValueType.REAL:
                fixed.putLong((Long) content);
                break;
            default:
                final byte[] bytes = bytes();
                return ByteBuffer.allocate(5 + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put((byte) type)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array();
        }
        return Arrays.copyOf(fixed.array(), fixed.position());
    }

    /** A key in the value encoding. */
    public static byte[] encodedKey(final List<ModelValue> parts) {
        final ByteArrayOutputStream key = new ByteArrayOutputStream();
        parts.forEach(part -> key.writeBytes(part.encoded()));
        return key.toByteArray();
    }

    @Override
    public int compareTo(final ModelValue other) {
        if (type != other.type) {
            return Integer.compare(type, other.type);
        }
        return switch (type) {
            case ValueType.NULL -> 0;
            case ValueType.BOOLEAN -> Boolean.compare((Boolean) content, (Boolean) other.content);
            case ValueType.INTEGER, ValueType.DECIMAL -> ((BigInteger) content).compareTo((BigInteger) other.content);
            case ValueType.REAL -> Long.compareUnsigned((Long) content, (Long) other.content);
            default -> Arrays.compareUnsigned(bytes(), other.bytes());
        };
    }

    private byte[] bytes() {
        return switch (type) {
            case ValueType.BLOB -> HexFormat.of().parseHex((String) content);
            default -> content.toString().getBytes(StandardCharsets.UTF_8);
        };
    }
}
