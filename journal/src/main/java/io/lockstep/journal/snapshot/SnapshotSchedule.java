package io.lockstep.journal.snapshot;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the next snapshot is due: the journal grew by enough, and there is room beside it. Belongs to the writer's thread;
 * {@link #want} and what is known of the newest snapshot are for any.
 */
final class SnapshotSchedule {
    static final long RETRY_NS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final SnapshotContext context;
    private long lookedNs;
    private long notBeforeNs;
    private long givenUpBytes;
    private volatile boolean wanted;
    private volatile long lastPosition;
    private volatile long lastBytes;

    SnapshotSchedule(final SnapshotContext context, final long nowNs) {
        this.context = context;
        lookedNs = nowNs;
        notBeforeNs = nowNs;
    }

    /** Asks for one soon, whatever the journal's size. */
    void want() {
        wanted = true;
    }

    /** Where the newest snapshot begins; 0 if there is none. */
    long lastPosition() {
        return lastPosition;
    }

    long lastBytes() {
        return lastBytes;
    }

    /** Tells where the new snapshot begins if it is due, 0 if none is. */
    long due(final long nowNs) {
        if (nowNs - lookedNs < LOOK_INTERVAL_NS || nowNs - notBeforeNs < 0) {
            return 0;
        }
        lookedNs = nowNs;
        final long written = context.journal().writtenPosition();
        if (written <= lastPosition || (!wanted && !hasGrown())) {
            return 0;
        }
        final long freeBytes = context.journal().freeBytes();
        final long needed = Math.max(lastBytes, givenUpBytes) + context.freeBytesMin();
        if (freeBytes < needed) {
            LOG.warn("a snapshot is due, but is put off: freeBytes={}, neededBytes={}", freeBytes, needed);
            notBeforeNs = nowNs + RETRY_NS;
            return 0;
        }
        return written;
    }

    private boolean hasGrown() {
        return context.journal().bytesAfter(lastPosition) >= Math.max(context.journalBytes(), lastBytes);
    }

    /** One was begun. */
    void begun() {
        wanted = false;
    }

    /** One became whole. */
    void published(final long position, final long bytes) {
        lastPosition = position;
        lastBytes = bytes;
        givenUpBytes = 0;
    }

    /** One came so far, and could not be written. */
    void givenUp(final long nowNs, final long bytes) {
        notBeforeNs = nowNs + RETRY_NS;
        givenUpBytes = Math.max(givenUpBytes, bytes);
    }
}
