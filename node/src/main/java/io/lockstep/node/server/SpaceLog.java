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
        if (level == SpaceLevel.NORMAL) {
            log.info("{}", text(level, freeBytes));
        } else {
            log.warn("{}", text(level, freeBytes));
        }
    }

    String text(final SpaceLevel level, final long freeBytes) {
        final String free = ": spaceFreeBytes=" + freeBytes;
        return switch (level) {
            case NORMAL -> "the disk has room again" + free;
            case SOFT -> "the disk gets full, new sessions only read" + free + ", space-soft-bytes=" + softBytes;
            default ->
                freeBytes < hardBytes
                        ? "the disk is full, writes are refused until there is room" + free + ", space-hard-bytes="
                                + hardBytes
                        : "the next journal file cannot be allocated in time, and not for want of room; writes are"
                                + " refused until it can be" + free;
        };
    }
}
