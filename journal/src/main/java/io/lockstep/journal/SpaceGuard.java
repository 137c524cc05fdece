package io.lockstep.journal;

import io.lockstep.engine.port.SpaceLevel;

/**
 * Decides how much room is left. A pure function of what is free and of what is allocated ahead, so that the level turns
 * hard while everything that was accepted still fits.
 */
final class SpaceGuard {
    private final long softFreeBytes;
    private final long hardFreeBytes;
    private final long aheadBytesMin;

    SpaceGuard(final JournalContext context) {
        softFreeBytes = context.softFreeBytes();
        hardFreeBytes = context.hardFreeBytes();
        aheadBytesMin = aheadBytesMin(context.inFlightBytesMax(), context.recordBytesMax());
    }

    /** What must be allocated ahead for everything in flight to fit: its bytes, the queue's words, one turn of files. */
    static long aheadBytesMin(final long inFlightBytesMax, final int recordBytesMax) {
        return inFlightBytesMax + inFlightBytesMax / 8 + recordBytesMax + QueueWriter.SLACK_BYTES;
    }

    /**
     * The level.
     *
     * @param freeBytes of the file system
     * @param remainingBytes that the current file still takes
     * @param nextAssured whether the file after it is allocated, or sure to be
     * @return the level
     */
    SpaceLevel level(final long freeBytes, final long remainingBytes, final boolean nextAssured) {
        if (freeBytes < hardFreeBytes || (!nextAssured && remainingBytes < aheadBytesMin)) {
            return SpaceLevel.HARD;
        }
        return freeBytes < softFreeBytes ? SpaceLevel.SOFT : SpaceLevel.NORMAL;
    }
}
