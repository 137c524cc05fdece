package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.SpaceLevel;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class SpaceLogTest {
    private final SpaceLog log = new SpaceLog(NOPLogger.NOP_LOGGER, 2_000, 1_000);

    @Test
    void shouldTellAFullDiskFromAFileThatCannotBeAllocated() {
        final String full = log.text(SpaceLevel.HARD, 10);
        assertTrue(full.contains("the disk is full") && full.contains("space-hard-bytes=1000"), full);
        final String late = log.text(SpaceLevel.HARD, 5_000);
        assertTrue(late.contains("the next journal file cannot be allocated"), late);
    }
}
