package io.lockstep.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRingTest {
    private record Claim(int offset, int length, byte fill, long end) {}

    @ParameterizedTest
    @ValueSource(ints = {64, 256, 4_096, 1 << 19})
    void shouldNeverHandOutBytesThatAreStillInFlight(final int capacity) {
        for (long seed = 1; seed <= Math.min(40, (1 << 22) / capacity); seed++) {
            final Random random = new Random(seed);
            final ByteRing ring = new ByteRing(capacity);
            final ArrayDeque<Claim> inFlight = new ArrayDeque<>();
            final int lengthMax = 1 + random.nextInt(capacity / (1 + random.nextInt(8)));
            for (int step = 0; step < 2_000; step++) {
                if (random.nextInt(5) < 3) {
                    claim(ring, random, lengthMax, inFlight, seed);
                } else {
                    free(ring, random, inFlight, seed);
                }
            }
        }
    }

    private static void claim(
            final ByteRing ring,
            final Random random,
            final int lengthMax,
            final ArrayDeque<Claim> inFlight,
            final long seed) {
        final int length = 1 + random.nextInt(lengthMax);
        final boolean room = ring.hasRoom(length);
        final int offset = ring.tryClaim(length);
        assertEquals(room, offset != ByteRing.FULL, "hasRoom is what tryClaim does: seed=" + seed);
        if (offset == ByteRing.FULL) {
            assertFalse(inFlight.isEmpty(), "an empty ring takes anything up to its size: seed=" + seed);
            return;
        }
        final int used = random.nextBoolean() ? length : 1 + random.nextInt(length);
        ring.trim(used);
        final byte fill = (byte) random.nextInt();
        ring.buffer().setMemory(offset, used, fill);
        inFlight.add(new Claim(offset, used, fill, ring.claimedPosition()));
    }

    private static void free(
            final ByteRing ring, final Random random, final ArrayDeque<Claim> inFlight, final long seed) {
        final int count = Math.min(inFlight.size(), 1 + random.nextInt(4));
        long end = -1;
        for (int i = 0; i < count; i++) {
            final Claim claim = inFlight.remove();
            for (int at = 0; at < claim.length(); at++) {
                assertEquals(claim.fill(), ring.buffer().getByte(claim.offset() + at), "overwritten: seed=" + seed);
            }
            end = claim.end();
        }
        if (end >= 0) {
            ring.free(end);
        }
    }

    @Test
    void shouldBeFullUntilTheOldestClaimIsFreed() {
        final ByteRing ring = new ByteRing(64);
        assertEquals(0, ring.tryClaim(40));
        final long first = ring.claimedPosition();
        assertEquals(40, ring.tryClaim(24));
        assertEquals(ByteRing.FULL, ring.tryClaim(1));
        ring.free(first);
        assertEquals(0, ring.tryClaim(40));
    }

    @Test
    void shouldNotWrapAClaim() {
        final ByteRing ring = new ByteRing(64);
        ring.tryClaim(40);
        final long first = ring.claimedPosition();
        ring.tryClaim(8);
        ring.free(first);
        assertEquals(0, ring.tryClaim(24), "16 bytes are left at the end, they are skipped");
    }

    @Test
    void shouldGiveBackWhatIsTrimmed() {
        final ByteRing ring = new ByteRing(64);
        ring.tryClaim(64);
        ring.trim(3);
        assertEquals(8, ring.tryClaim(56));
    }

    @Test
    void shouldGoBackToTheStartWhenEverythingIsFree() {
        final ByteRing ring = new ByteRing(1 << 20);
        int offsetMax = 0;
        for (int i = 0; i < 100_000; i++) {
            offsetMax = Math.max(offsetMax, ring.tryClaim(1_000));
            ring.free(ring.claimedPosition());
        }
        assertTrue(offsetMax <= 257 * 1024, "a drained ring keeps to its first bytes: offsetMax=" + offsetMax);
    }

    @Test
    void shouldNameLimitAndValueOfAClaimThatCanNeverFit() {
        final ByteRing ring = new ByteRing(64);
        final var refusal = assertThrows(IllegalArgumentException.class, () -> ring.tryClaim(65));
        assertEquals("length=65, claimBytesMax=64", refusal.getMessage());
    }
}
