package io.lockstep.codec.testing;

import io.lockstep.codec.value.ValueReader;
import io.lockstep.codec.value.ValueType;
import io.lockstep.codec.value.ValueWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Seeded generator of valid names, values and keys, with a liking for the edges. Not thread-safe. */
public final class RandomValues {
    private static final String[] TEXTS = {
        "", "a", "main", "caf\u00e9", "\u20ac", "\ud83d\ude00", "longer than eight bytes", "a\u0000b"
    };
    private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 255, 256, -256};
    private static final double[] REALS = {
        0.0, -0.0, 1.0, -1.5, 1e300, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN
    };

    private final Random random;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[4_096]);

    /**
     * A generator.
     *
     * @param random whose seed decides everything
     */
    public RandomValues(final Random random) {
        this.random = random;
    }

    /**
     * A name of schema, table, column or index.
     *
     * @return 1 to 20 bytes of UTF-8
     */
    public byte[] name() {
        final String text = TEXTS[1 + random.nextInt(TEXTS.length - 1)];
        final String name = random.nextBoolean() ? text : "n" + random.nextInt(1_000);
        return name.substring(0, Math.min(name.length(), 20)).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A name of a database.
     *
     * @return 1 to 128 bytes of the characters allowed
     */
    public byte[] databaseName() {
        final String alphabet = "ABCXYZabcxyz0189._:-";
        final byte[] name = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 128 : 12)];
        for (int i = 0; i < name.length; i++) {
            name[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return name;
    }

    /**
     * A text of any kind.
     *
     * @return UTF-8, may be empty
     */
    public byte[] text() {
        return TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
    }

    /**
     * One value.
     *
     * @return in the value encoding
     */
    public byte[] value() {
        return bytes(put(scratch, 0, random.nextInt(ValueType.JSON + 1)));
    }

    /**
     * A key.
     *
     * @param partsMax 1 or more
     * @return its parts in the value encoding
     */
    public byte[] key(final int partsMax) {
        final int parts = random.nextInt(3) == 0 ? 1 + random.nextInt(partsMax) : 1;
        int length = 0;
        for (int i = 0; i < parts; i++) {
            int bytes;
            do {
                bytes = put(scratch, length, random.nextInt(ValueType.JSON + 1));
            } while (ValueReader.keyParts(scratch, length, bytes) != 1);
            length += bytes;
        }
        return bytes(length);
    }

    /**
     * Some values.
     *
     * @return none to four in the value encoding, one after another
     */
    public byte[] values() {
        int length = 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            length += put(scratch, length, random.nextInt(ValueType.JSON + 1));
        }
        return bytes(length);
    }

    /**
     * A wall time.
     *
     * @return 0 to 2^48 - 1
     */
    public long wall() {
        return random.nextInt(4) == 0 ? (1L << 48) - 1 : random.nextLong() >>> 16;
    }

    private int put(final MutableDirectBuffer buffer, final int offset, final int type) {
        return switch (type) {
            case ValueType.NULL -> ValueWriter.putNull(buffer, offset);
            case ValueType.BOOLEAN -> ValueWriter.putBoolean(buffer, offset, random.nextBoolean());
            case ValueType.INTEGER -> ValueWriter.putInteger(buffer, offset, LONGS[random.nextInt(LONGS.length)]);
            case ValueType.DECIMAL -> ValueWriter.putNumber(buffer, offset, decimal());
            case ValueType.REAL -> ValueWriter.putReal(buffer, offset, REALS[random.nextInt(REALS.length)]);
            case ValueType.BLOB -> {
                final byte[] blob = new byte[random.nextInt(12)];
                random.nextBytes(blob);
                yield ValueWriter.putBlob(buffer, offset, blob);
            }
            default -> ValueWriter.putPrefixed(buffer, offset, type, text());
        };
    }

    private BigInteger decimal() {
        final BigInteger magnitude = BigInteger.ONE.shiftLeft(63).add(new BigInteger(random.nextInt(200), random));
        return random.nextBoolean() ? magnitude : magnitude.negate().subtract(BigInteger.ONE);
    }

    private byte[] bytes(final int length) {
        final byte[] copy = new byte[length];
        scratch.getBytes(0, copy);
        return copy;
    }
}
