package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CatchUpPaceTest {
    private static final long MS = 1_000_000;

    private long nowNs = Long.MAX_VALUE - 50 * MS; // past the end of the clock's range within the test
    private final CatchUpPace pace = new CatchUpPace(1_000_000, () -> nowNs);

    @Test
    void shouldWaitForThePieceBeforeWhileOthersWrite() {
        assertFalse(pace.isHeldUp(1));
        assertFalse(pace.isHeldUp(2));
        pace.read(20_000);
        nowNs += 19 * MS;
        assertTrue(pace.isHeldUp(3));
        nowNs += MS;
        assertFalse(pace.isHeldUp(3));
    }

    @Test
    void shouldNotSaveUpWhatWasNotUsed() {
        assertFalse(pace.isHeldUp(1));
        nowNs += 1_000 * MS;
        assertFalse(pace.isHeldUp(2));
        pace.read(1_000);
        assertTrue(pace.isHeldUp(2));
    }

    @Test
    void shouldNotHoldUpAnybodyWhereNobodyWrites() {
        for (int piece = 0; piece < 10; piece++) {
            assertFalse(pace.isHeldUp(7));
            pace.read(1_000_000);
        }
    }

    @Test
    void shouldLetGoSoonAfterTheLastWrite() {
        assertFalse(pace.isHeldUp(1));
        assertFalse(pace.isHeldUp(2));
        pace.read(1_000_000);
        nowNs += 99 * MS;
        assertTrue(pace.isHeldUp(2));
        nowNs += MS;
        assertFalse(pace.isHeldUp(2));
    }

    @Test
    void shouldHaveNoLimitAtZero() {
        final CatchUpPace none = new CatchUpPace(0, () -> nowNs);
        assertFalse(none.isHeldUp(1));
        none.read(1 << 30);
        assertFalse(none.isHeldUp(2));
    }
}
