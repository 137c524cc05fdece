package io.lockstep.node.server;

import io.lockstep.engine.port.SpaceLevel;
import org.slf4j.Logger;

/** Tells when room for the journal gets short, and when it is back: a line for each change. One thread. */
final class SpaceLog {
    private final Logger log;
    private final long softBytes;
    private final long hardBytes;
    private SpaceLevel told = SpaceLevel.NORMAL;

    /**
     * A log.
     *
     * @param log gets the lines
     * @param softBytes limit of the soft level
     * @param hardBytes limit of the hard level
     */
    SpaceLog(final Logger log, final long softBytes, final long hardBytes) {
        this.log = log;
        this.softBytes = softBytes;
        this.hardBytes = hardBytes;
    }

    void sample(final SpaceLevel level, final long freeBytes) {
        if (level == told) {
            return;
        }
        told = level;
        switch (level) {
            case NORMAL -> log.info("the disk has room again: spaceFreeBytes={}", freeBytes);
            case SOFT ->
                log.warn(
                        "the disk gets full, new sessions only read: spaceFreeBytes={}, space-soft-bytes={}",
                        freeBytes,
                        softBytes);
            default ->
                log.warn(
                        "the disk is full, writes are refused until there is room: spaceFreeBytes={},"
                                + " space-hard-bytes={}",
                        freeBytes,
                        hardBytes);
        }
    }
}
