package io.lockstep.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldPassEverythingWithoutALimit() {
        final TokenBucket bucket = new TokenBucket(0, 0);
        bucket.take(Long.MAX_VALUE);
        assertEquals(0, bucket.waitNs(0));
    }

    @Test
    void shouldGoIntoDebtAndPayIt() {
        final TokenBucket bucket = new TokenBucket(10, 0);
        bucket.take(25);
        assertEquals(16 * SECOND_NS / 10, bucket.waitNs(0));
        assertEquals(1, bucket.waitNs(16 * SECOND_NS / 10 - 1));
        assertEquals(0, bucket.waitNs(16 * SECOND_NS / 10));
    }

    @Test
    void shouldNotSaveMoreThanASecond() {
        final TokenBucket bucket = new TokenBucket(10, 0);
        assertEquals(0, bucket.waitNs(Long.MAX_VALUE / 2));
        bucket.take(10);
        assertTrue(bucket.waitNs(Long.MAX_VALUE / 2) > 0);
    }

    @Test
    void shouldKeepToTheRateForAnyStepsOfTime() {
        for (long seed = 1; seed <= 200; seed++) {
            final Random random = new Random(seed);
            final long perSecond = 1 + random.nextLong(1L << random.nextInt(1, 40));
            final TokenBucket bucket = new TokenBucket(perSecond, 0);
            long nowNs = 0;
            long taken = 0;
            long largest = 0;
            for (int i = 0; i < 2_000; i++) {
                nowNs += random.nextLong(SECOND_NS / 100);
                if (bucket.waitNs(nowNs) == 0) {
                    final long units = 1 + random.nextLong(Math.max(1, perSecond / 50));
                    bucket.take(units);
                    taken += units;
                    largest = Math.max(largest, units);
                }
            }
            final double allowed = perSecond + (double) perSecond * nowNs / SECOND_NS + largest;
            final String values = "seed=" + seed + ", perSecond=" + perSecond + ", taken=" + taken;
            assertTrue(taken <= allowed + 1, () -> values);
        }
    }
}
