package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SnapshotPinsTest {
    private long nowNs = 5;
    private final SnapshotPins pins = new SnapshotPins(() -> nowNs);

    @Test
    void shouldKeepNothingThatNobodyReads() {
        assertEquals(Long.MAX_VALUE, pins.keptFrom());
    }

    @Test
    void shouldKeepWhatFollowsTheOldestThatIsRead() {
        pins.used(70);
        pins.used(50);
        pins.used(70);
        assertEquals(51, pins.keptFrom());
    }

    @Test
    void shouldLetGoAWhileAfterTheLastPage() {
        pins.used(50);
        nowNs += SnapshotPins.IDLE_NS - 1;
        pins.used(70);
        assertEquals(51, pins.keptFrom());
        nowNs++;
        assertEquals(71, pins.keptFrom());
    }

    @Test
    void shouldLetGoOfOneThatIsReadForTooLong() {
        final long startNs = nowNs;
        while (nowNs - startNs < SnapshotPins.HELD_NS_MAX) {
            pins.used(50);
            assertEquals(51, pins.keptFrom());
            nowNs += SnapshotPins.IDLE_NS / 2;
        }
        pins.used(50);
        assertEquals(Long.MAX_VALUE, pins.keptFrom());
    }
}
