package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.SpaceLevel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpaceGuardTest {
    private static final long SOFT = 1_000;
    private static final long HARD = 100;
    private static final long PLENTY = 1L << 40;

    private final JournalContext context = JournalFixture.context(Path.of("unused"))
            .softFreeBytes(SOFT)
            .hardFreeBytes(HARD)
            .conclude();
    private final SpaceGuard guard = new SpaceGuard(context);
    private final long ahead = SpaceGuard.aheadBytesMin(context.inFlightBytesMax(), context.recordBytesMax());

    @Test
    void shouldBeNormalWithRoomAndAFileAhead() {
        assertEquals(SpaceLevel.NORMAL, guard.level(PLENTY, 0, true));
    }

    @Test
    void shouldTurnSoftBelowTheSoftLimit() {
        assertEquals(SpaceLevel.NORMAL, guard.level(SOFT, ahead, false));
        assertEquals(SpaceLevel.SOFT, guard.level(SOFT - 1, ahead, false));
    }

    @Test
    void shouldTurnHardBelowTheHardLimit() {
        assertEquals(SpaceLevel.SOFT, guard.level(HARD, ahead, false));
        assertEquals(SpaceLevel.HARD, guard.level(HARD - 1, ahead, true));
    }

    @Test
    void shouldTurnHardWhileWhatIsInFlightStillFits() {
        assertEquals(SpaceLevel.NORMAL, guard.level(PLENTY, ahead, false));
        assertEquals(SpaceLevel.HARD, guard.level(PLENTY, ahead - 1, false));
    }

    @Test
    void shouldLeaveToOthersWhatTheyNeedWhileTheNextFileDoesNotStand() {
        assertTrue(guard.hasRoomForBulk(0, true, true));
        final long bulk = ahead + SpaceGuard.BULK_BYTES;
        assertTrue(guard.hasRoomForBulk(bulk, false, true));
        assertFalse(guard.hasRoomForBulk(bulk - 1, false, true));
        final long most = QueueWriter.blockBytes(context.fileBytes());
        assertTrue(guard.hasRoomForBulk(QueueWriter.remainingBytes((int) most, 0), false, false));
        assertFalse(guard.hasRoomForBulk(most / 2, false, false));
    }

    @Test
    void shouldRefuseSettingsThatLeaveNoTimeToAllocate() {
        final JournalContext tight = JournalFixture.context(Path.of("unused")).inFlightBytesMax(400 << 10);
        final String message =
                assertThrows(IllegalArgumentException.class, tight::conclude).getMessage();
        assertTrue(message.contains("inFlightBytesMax=" + (400 << 10)), message);
    }

    @Test
    void shouldBeConcludedOnce() {
        assertThrows(IllegalStateException.class, context::conclude);
        assertThrows(IllegalStateException.class, () -> context.fileBytes(1));
    }
}
