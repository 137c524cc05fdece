package io.lockstep.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IngressClockTest {
    private static final long ANCHOR_MS = 1_700_000_000_000L;
    private static final long MS = 1_000_000;

    private final IngressClock clock = IngressClock.anchored(0, ANCHOR_MS);

    @Test
    void shouldRunWithTheMonotonicClock() {
        clock.tick(1_234 * MS, ANCHOR_MS + 1_234);
        assertEquals(ANCHOR_MS + 1_234, clock.timeMs());
    }

    @Test
    void shouldFollowAWallClockThatIsAheadByAtMost500PartsInAMillion() {
        clock.tick(1_000 * MS, ANCHOR_MS + 1_000 + 3_000);
        assertEquals(ANCHOR_MS + 1_000, clock.timeMs(), "half a millisecond of slew in a second");
        clock.tick(1_001_000 * MS, ANCHOR_MS + 1_001_000 + 3_000);
        assertEquals(ANCHOR_MS + 1_001_000 + 500, clock.timeMs());
    }

    @Test
    void shouldFollowAWallClockThatIsBehindWithoutStandingStill() {
        long lastMs = clock.timeMs();
        for (int second = 1; second <= 10_000; second++) {
            clock.tick(second * 1_000 * MS, ANCHOR_MS + second * 1_000L - 2_000);
            assertTrue(clock.timeMs() > lastMs);
            lastMs = clock.timeMs();
        }
        assertEquals(ANCHOR_MS + 10_000_000 - 2_000, clock.timeMs());
    }

    @Test
    void shouldSlewAtTheSameRateHoweverOftenItIsTicked() {
        for (long ns = 0; ns <= 2_000 * MS; ns += 700) {
            clock.tick(ns, ANCHOR_MS + ns / MS + 4_000);
        }
        final IngressClock seldom = IngressClock.anchored(0, ANCHOR_MS);
        seldom.tick(2_000 * MS, ANCHOR_MS + 2_000 + 4_000);
        assertEquals(seldom.timeMs(), clock.timeMs(), 1);
        assertEquals(ANCHOR_MS + 2_001, clock.timeMs(), 1);
    }

    @Test
    void shouldNotFollowAStepButAlarmIt() {
        clock.tick(1_000 * MS, ANCHOR_MS + 1_000 + 3_600_000);
        assertTrue(clock.stepAlarm());
        assertEquals(ANCHOR_MS + 1_000, clock.timeMs());
    }

    @Test
    void shouldTakeOverAStepThatIsAccepted() {
        clock.tick(1_000 * MS, ANCHOR_MS + 1_000 + 3_600_000);
        clock.acceptStep();
        clock.tick(2_000 * MS, ANCHOR_MS + 2_000 + 3_600_000);
        assertEquals(ANCHOR_MS + 2_000 + 3_600_000, clock.timeMs());
        assertFalse(clock.stepAlarm());
    }

    @Test
    void shouldEndTheAlarmWhenTheWallClockComesBack() {
        clock.tick(1_000 * MS, ANCHOR_MS - 3_600_000);
        clock.tick(2_000 * MS, ANCHOR_MS + 2_000);
        assertFalse(clock.stepAlarm());
        assertEquals(ANCHOR_MS + 2_000, clock.timeMs());
    }

    @Test
    void shouldNotKeepAnAcceptanceForALaterStep() {
        clock.acceptStep();
        clock.tick(1_000 * MS, ANCHOR_MS + 3_600_000);
        assertTrue(clock.stepAlarm());
        assertEquals(ANCHOR_MS + 1_000, clock.timeMs());
    }

    @Test
    void shouldStandWhereItIsSetWhenManual() {
        final IngressClock manual = IngressClock.manual(5);
        manual.set(7);
        manual.tick(1_000 * MS, ANCHOR_MS);
        assertEquals(7, manual.timeMs());
    }

    @Test
    void shouldRefuseToBeSetWhenNotManual() {
        assertThrows(IllegalStateException.class, () -> clock.set(1));
    }
}
