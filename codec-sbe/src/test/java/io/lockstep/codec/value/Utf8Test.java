package io.lockstep.codec.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "eight888", "nine 9999", "\u00e9", "\u20ac\u20ac\u20ac", "\ud83d\ude00", "a\u0000b"})
    void shouldAcceptText(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertTrue(Utf8.isValid(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c0af",
                "c1bf",
                "c3",
                "e0809f",
                "e09fbf",
                "e282",
                "eda080",
                "edbfbf",
                "f08fbfbf",
                "f0908f",
                "f4908080",
                "f5808080",
                "fe",
                "ff",
                "c328",
                "e28228",
                "f0289f98",
                "6161616161616161ff",
                "c3a9c3"
            })
    void shouldRefuseWhatIsNoText(final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        assertFalse(Utf8.isValid(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    @Test
    void shouldNameThePlaceOfTheFirstBadSequence() {
        final byte[] bytes = HexFormat.of().parseHex("0061616161616161616161c3a9e28261");
        assertEquals(12, Utf8.firstInvalid(new UnsafeBuffer(bytes), 1, bytes.length - 1));
    }

    @Test
    void shouldAgreeWithTheJdk() {
        final long seed = 20264;
        final Random random = new Random(seed);
        final byte[] interesting = HexFormat.of().parseHex("00417f80bfc0c1c2dfe0a09fedeeeff08f90f48ff5ff");
        for (int run = 0; run < 300_000; run++) {
            final byte[] bytes = new byte[random.nextInt(14)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0
                        ? (byte) random.nextInt(128)
                        : interesting[random.nextInt(interesting.length)];
            }
            assertEquals(
                    jdkAccepts(bytes),
                    Utf8.isValid(new UnsafeBuffer(bytes), 0, bytes.length),
                    "seed=" + seed + ", bytes=" + HexFormat.of().formatHex(bytes));
        }
    }

    private static boolean jdkAccepts(final byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (final CharacterCodingException e) {
            return false;
        }
    }
}
