package io.lockstep.codec.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class StateDigestTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

    @Test
    void shouldHashARowAsItsDefinitionSays() {
        final UnsafeBuffer names = buffer("main/orders/key");
        final ByteBuffer definition = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        definition.putShort((short) 4).put(bytes("main"));
        definition.putShort((short) 6).put(bytes("orders"));
        definition.putShort((short) 3).put(bytes("key"));
        assertEquals(
                SipHash.hash13(5, 6, new UnsafeBuffer(definition.array()), 0, definition.position()),
                new StateDigest(5, 6).rowHash(names, 0, 4, names, 5, 6, names, 12, 3));
    }

    @Test
    void shouldHashACellAsItsDefinitionSays() {
        final UnsafeBuffer value = buffer("value bytes");
        final ByteBuffer definition = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        definition.putLong(11).putLong(12).putLong(0x0001_8BCF_E568_0007L);
        definition.putLong(21).putLong(22).putLong(0xFFFF_FFFEL).put(bytes("value bytes"));
        final SipHash expected = SipHash.sipHash24Wide();
        expected.init(5, 6)
                .update(new UnsafeBuffer(definition.array()), 0, definition.position())
                .finish();
        final StateDigest digest = new StateDigest(5, 6);
        digest.cell(11, 12, StateDigest.wallCounter(0x0001_8BCF_E568L, 7), 21, 22, -2, value, 0, 11);
        assertEquals(expected.low(), digest.low());
        assertEquals(expected.high(), digest.high());
    }

    @Test
    void shouldTellApartRowsWhoseNamesRunTogether() {
        final UnsafeBuffer names = buffer("abc");
        final StateDigest digest = new StateDigest(5, 6);
        assertNotEquals(
                digest.rowHash(names, 0, 1, names, 1, 1, names, 2, 1),
                digest.rowHash(names, 0, 2, names, 2, 0, names, 2, 1));
    }

    @Test
    void shouldAddAndSubtractModulo2To128() {
        final long seed = 20263;
        final Random random = new Random(seed);
        final Digest128 sum = new Digest128();
        BigInteger expected = BigInteger.ZERO;
        for (int run = 0; run < 10_000; run++) {
            final long high = random.nextInt(4) == 0 ? -1 : random.nextLong();
            final long low = random.nextInt(4) == 0 ? -1 : random.nextLong();
            if (random.nextBoolean()) {
                sum.add(high, low);
                expected = expected.add(number(high, low)).mod(MODULUS);
            } else {
                sum.subtract(high, low);
                expected = expected.subtract(number(high, low)).mod(MODULUS);
            }
            assertEquals(expected, number(sum.high(), sum.low()), "seed=" + seed + ", run=" + run);
        }
    }

    @Test
    void shouldMatchOnlyTheSameSum() {
        final Digest128 sum = new Digest128();
        sum.set(1, 2);
        assertTrue(sum.matches(1, 2));
        assertFalse(sum.matches(2, 1));
        assertFalse(sum.matches(1, 3));
    }

    @Test
    void shouldPrintAllThirtyTwoDigits() {
        final Digest128 sum = new Digest128();
        sum.set(0xAB, -1);
        assertEquals("00000000000000abffffffffffffffff", sum.toString());
    }

    private static BigInteger number(final long high, final long low) {
        return new BigInteger(Long.toUnsignedString(high))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(low)));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static UnsafeBuffer buffer(final String text) {
        return new UnsafeBuffer(bytes(text));
    }
}
