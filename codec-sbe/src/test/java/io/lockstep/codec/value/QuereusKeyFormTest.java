package io.lockstep.codec.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuereusKeyFormTest {
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[64]);
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[1024]);

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0.0,
                1.0,
                -1.0,
                1e15,
                0x1p53,
                -0x1p53,
                0x1p62,
                0x1.fffffffffffffp62,
                -0x1p63,
                0x1p63,
                -0x1.0000000000001p63,
                0x1p64,
                1e19,
                1e22,
                1e23,
                1e100,
                -1e100,
                1e300,
                Double.MAX_VALUE,
                -Double.MAX_VALUE
            })
    void shouldFoldAnIntegralRealToTheNumberThatItEquals(final double value) {
        assertFoldsTo(value, new BigDecimal(value).toBigIntegerExact());
    }

    @Test
    void shouldFoldAnyIntegralReal() {
        final long seed = 20265;
        final Random random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            final long exponent = 1075 - 52 + random.nextInt(1023);
            final long bits = random.nextLong() & 0x800F_FFFF_FFFF_FFFFL | exponent << 52;
            final double value = Math.rint(Double.longBitsToDouble(bits));
            assertFoldsTo(value, new BigDecimal(value).toBigIntegerExact());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, -1.5, 1e-300, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldLeaveOtherRealsAlone(final double value) {
        final int length = ValueWriter.putReal(key, 0, value);
        assertFalse(QuereusKeyForm.needsFolding(key, 0, length));
        assertEquals(hex(key, length), fold(length));
    }

    @Test
    void shouldFoldBooleansToIntegers() {
        int length = ValueWriter.putBoolean(key, 0, true);
        length += ValueWriter.putBoolean(key, length, false);
        assertTrue(QuereusKeyForm.needsFolding(key, 0, length));
        int expectedLength = ValueWriter.putInteger(expected, 0, 1);
        expectedLength += ValueWriter.putInteger(expected, expectedLength, 0);
        assertEquals(hex(expected, expectedLength), fold(length));
    }

    @Test
    void shouldFoldOnePartAmongOthers() {
        int length = ValueWriter.putText(key, 0, "t");
        length += ValueWriter.putReal(key, length, 3.0);
        length += ValueWriter.putNull(key, length);
        length += ValueWriter.putInteger(key, length, 7);
        length += ValueWriter.putNumber(key, length, new BigInteger("9223372036854775808"));
        assertTrue(QuereusKeyForm.needsFolding(key, 0, length));
        int expectedLength = ValueWriter.putText(expected, 0, "t");
        expectedLength += ValueWriter.putInteger(expected, expectedLength, 3);
        expectedLength += ValueWriter.putNull(expected, expectedLength);
        expectedLength += ValueWriter.putInteger(expected, expectedLength, 7);
        expectedLength += ValueWriter.putNumber(expected, expectedLength, new BigInteger("9223372036854775808"));
        assertEquals(hex(expected, expectedLength), fold(length));
    }

    @Test
    void shouldNotTouchAKeyOfIntegersAndTexts() {
        int length = ValueWriter.putInteger(key, 0, 1);
        length += ValueWriter.putText(key, length, "x");
        assertFalse(QuereusKeyForm.needsFolding(key, 0, length));
    }

    private void assertFoldsTo(final double value, final BigInteger number) {
        final int length = ValueWriter.putReal(key, 0, value);
        assertTrue(QuereusKeyForm.needsFolding(key, 0, length), () -> "value=" + value);
        final int expectedLength = ValueWriter.putNumber(expected, 0, number);
        assertEquals(hex(expected, expectedLength), fold(length), () -> "value=" + value);
    }

    /** Folds into a buffer with exactly the room that is promised to be enough. */
    private String fold(final int length) {
        final UnsafeBuffer target = new UnsafeBuffer(new byte[3 + QuereusKeyForm.foldedLengthMax(length)]);
        final int folded = QuereusKeyForm.fold(key, 0, length, target, 3);
        return HexFormat.of().formatHex(target.byteArray(), 3, 3 + folded);
    }

    private static String hex(final UnsafeBuffer buffer, final int length) {
        return HexFormat.of().formatHex(buffer.byteArray(), 0, length);
    }
}
