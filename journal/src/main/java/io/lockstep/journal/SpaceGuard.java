package io.lockstep.journal;

import io.lockstep.engine.port.SpaceLevel;

/**
 * Decides how much room is left. A pure function of what is free and of what is allocated ahead, so that the level turns
 * hard while everything that was accepted still fits.
 */
final class SpaceGuard {
    /** What of a large change set may be on its way to the file when its room is asked for. */
    static final long BULK_BYTES = 256 << 10;

    private final long softFreeBytes;
    private final long hardFreeBytes;
    private final long aheadBytesMin;
    private final long bulkBytesMin;
    private final long bulkBytesMinUnassured;

    SpaceGuard(final JournalContext context) {
        softFreeBytes = context.softFreeBytes();
        hardFreeBytes = context.hardFreeBytes();
        aheadBytesMin = aheadBytesMin(context.inFlightBytesMax(), context.recordBytesMax());
        bulkBytesMin = aheadBytesMin + BULK_BYTES;
        bulkBytesMinUnassured = Math.max(bulkBytesMin, QueueWriter.blockBytes(context.fileBytes()) / 8L * 5);
    }

    /** What must be allocated ahead for everything in flight to fit: its bytes, the queue's words, one turn of files. */
    static long aheadBytesMin(final long inFlightBytesMax, final int recordBytesMax) {
        return inFlightBytesMax + inFlightBytesMax / 8 + recordBytesMax + QueueWriter.SLACK_BYTES;
    }

    /**
     * Whether what can wait may be written: without the file after the current one it leaves to others what they need until
     * that stands, and more as long as it is not sure to.
     *
     * @param remainingBytes that the current file still takes
     * @param nextReady whether the file after it is allocated
     * @param nextAssured whether it is allocated, or sure to be
     * @return true if so
     */
    boolean hasRoomForBulk(final long remainingBytes, final boolean nextReady, final boolean nextAssured) {
        return nextReady || remainingBytes >= (nextAssured ? bulkBytesMin : bulkBytesMinUnassured);
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
