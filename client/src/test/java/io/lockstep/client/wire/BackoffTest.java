package io.lockstep.client.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldWaitBetweenHalfAndAllOfADelayThatDoublesUpToItsLimit(final long seed) {
        final Backoff backoff = new Backoff(100, 1_000, seed);
        final Deque<Long> limits = new ArrayDeque<>(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L));
        while (!limits.isEmpty()) {
            final long limit = limits.remove();
            final long delay = backoff.nextDelayNs();
            assertTrue(delay >= limit / 2 && delay <= limit, "seed=" + seed + ", delay=" + delay);
        }
    }

    @Test
    void shouldStartAgainWithTheShortestDelayAfterAReset() {
        final Backoff backoff = new Backoff(100, 100_000, 1);
        for (int i = 0; i < 8; i++) {
            backoff.nextDelayNs();
        }
        backoff.reset();
        assertTrue(backoff.nextDelayNs() <= 100);
    }
}
