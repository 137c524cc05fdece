package io.lockstep.codec.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SipHashTest {
    /** Key 00 01 .. 0f of the published vectors. */
    private static final long K0 = 0x0706050403020100L;

    private static final long K1 = 0x0F0E0D0C0B0A0908L;

    /** SipHash-2-4, 64 bits, of the messages of 0, 1, 2 .. 15 bytes 00 01 02 .. */
    private static final long[] VECTORS_64 = {
        0x726fdb47dd0e0e31L, 0x74f839c593dc67fdL, 0x0d6c8009d9a94f5aL, 0x85676696d7fb7e2dL,
        0xcf2794e0277187b7L, 0x18765564cd99a68dL, 0xcbc9466e58fee3ceL, 0xab0200f58b01d137L,
        0x93f5f5799a932462L, 0x9e0082df0ba9e4b0L, 0x7a5dbbc594ddb9f3L, 0xf4b32f46226bada7L,
        0x751e8fbc860ee5fbL, 0x14ea5627c0843d90L, 0xf723ca908e7af2eeL, 0xa129ca6149be45e5L,
    };

    /** SipHash-2-4, 128 bits, of the messages of 0, 1, 2 .. 8 bytes and of 15. */
    private static final String[] VECTORS_128 = {
        "a3817f04ba25a8e66df67214c7550293",
        "da87c1d86b99af44347659119b22fc45",
        "8177228da4a45dc7fca38bdef60affe4",
        "9c70b60c5267a94e5f33b6b02985ed51",
        "f88164c12d9c8faf7d0f6e7c7bcd5579",
        "1368875980776f8854527a07690e9627",
        "14eeca338b208613485ea0308fd7a15e",
        "a1f1ebbed8dbc153c0b84aa61ff08239",
        "3b62a9ba6258f5610f83e264f31497b4",
    };

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer result = new UnsafeBuffer(new byte[16]);

    @Test
    void shouldGiveThePublishedVectorsOf64Bits() {
        countUp();
        final SipHash hash = new SipHash(2, 4, false);
        for (int length = 0; length < VECTORS_64.length; length++) {
            assertEquals(
                    VECTORS_64[length],
                    hash.init(K0, K1).update(message, 0, length).finish(),
                    "length=" + length);
        }
    }

    @Test
    void shouldGiveThePublishedVectorOfTheLongestMessage() {
        countUp();
        assertEquals(
                0x958a324ceb064572L,
                new SipHash(2, 4, false).init(K0, K1).update(message, 0, 63).finish());
    }

    @Test
    void shouldGiveThePublishedVectorsOf128Bits() {
        countUp();
        final SipHash hash = SipHash.sipHash24Wide();
        for (int length = 0; length < VECTORS_128.length; length++) {
            assertEquals(VECTORS_128[length], wide(hash, length), "length=" + length);
        }
        assertEquals("5150d1772f50834a503e069a973fbd7c", wide(hash, 63));
    }

    @Test
    void shouldNotDependOnHowBytesAreCut() {
        final long seed = 20261;
        final Random random = new Random(seed);
        final SipHash hash = SipHash.sipHash24Wide();
        for (int run = 0; run < 20_000; run++) {
            random.nextBytes(message.byteArray());
            final int length = random.nextInt(80);
            hash.init(seed, run).update(message, 0, length).finish();
            final long low = hash.low();
            final long high = hash.high();
            hash.init(seed, run);
            int at = 0;
            while (at < length) {
                at += feed(hash, random.nextInt(3), at, length, random);
            }
            assertEquals(low, hash.finish(), "seed=" + seed + ", run=" + run);
            assertEquals(high, hash.high(), "seed=" + seed + ", run=" + run);
        }
    }

    @Test
    void shouldHashARangeInOneCallAsInMany() {
        final long seed = 20262;
        final Random random = new Random(seed);
        final SipHash hash = SipHash.sipHash13();
        for (int run = 0; run < 20_000; run++) {
            random.nextBytes(message.byteArray());
            final int offset = random.nextInt(16);
            final int length = random.nextInt(100);
            final long k0 = random.nextLong();
            final long k1 = random.nextLong();
            assertEquals(
                    hash.init(k0, k1).update(message, offset, length).finish(),
                    SipHash.hash13(k0, k1, message, offset, length),
                    "seed=" + seed + ", run=" + run);
        }
    }

    @Test
    void shouldNotReadOutsideItsBuffer() {
        final UnsafeBuffer small = new UnsafeBuffer(new byte[10]);
        assertThrows(IndexOutOfBoundsException.class, () -> SipHash.hash13(1, 2, small, 4, 7));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> SipHash.sipHash13().init(1, 2).update(small, 4, 7));
    }

    @Test
    void shouldRefuseToHashWithoutRounds() {
        assertThrows(IllegalArgumentException.class, () -> new SipHash(0, 3, false));
        assertThrows(IllegalArgumentException.class, () -> new SipHash(1, 0, false));
    }

    private int feed(final SipHash hash, final int how, final int at, final int length, final Random random) {
        final int left = length - at;
        if (how == 0 && left >= Long.BYTES) {
            hash.update(message.getLong(at, ByteOrder.LITTLE_ENDIAN));
            return Long.BYTES;
        }
        if (how == 1 && left >= Short.BYTES) {
            hash.updateShort(message.getShort(at, ByteOrder.LITTLE_ENDIAN));
            return Short.BYTES;
        }
        final int bytes = random.nextInt(left + 1);
        hash.update(message, at, bytes);
        return bytes;
    }

    private void countUp() {
        for (int i = 0; i < message.capacity(); i++) {
            message.putByte(i, (byte) i);
        }
    }

    private String wide(final SipHash hash, final int length) {
        hash.init(K0, K1).update(message, 0, length).finish();
        result.putLong(0, hash.low(), ByteOrder.LITTLE_ENDIAN);
        result.putLong(8, hash.high(), ByteOrder.LITTLE_ENDIAN);
        return java.util.HexFormat.of().formatHex(result.byteArray());
    }
}
