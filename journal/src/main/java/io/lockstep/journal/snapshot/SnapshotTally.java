package io.lockstep.journal.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What became of snapshots since the start, and how far the one is that is on its way. Written by one thread, read by any. */
public final class SnapshotTally {
    private static final long NONE = -1;

    private final LongSupplier wallClockMs;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile long writtenBytes = NONE;
    private volatile long publishedMs = NONE;

    SnapshotTally(final LongSupplier wallClockMs) {
        this.wallClockMs = wallClockMs;
    }

    /** One of an earlier start is there; how old it is only its file can tell. */
    void found(final Path file) throws IOException {
        publishedMs = Files.getLastModifiedTime(file).toMillis();
    }

    void begun() {
        writtenBytes = 0;
    }

    void wrote(final long bytes) {
        writtenBytes = bytes;
    }

    void whole() {
        writtenBytes = NONE;
        publishedMs = wallClockMs.getAsLong();
        published.incrementAndGet();
    }

    void gaveUp() {
        writtenBytes = NONE;
        failures.incrementAndGet();
    }

    /**
     * Snapshots that became whole.
     *
     * @return a count since the start
     */
    public long published() {
        return published.get();
    }

    /**
     * Snapshots that were given up.
     *
     * @return a count since the start
     */
    public long failures() {
        return failures.get();
    }

    /**
     * How much of a snapshot is written.
     *
     * @return bytes, -1 while none is on its way
     */
    public long writtenBytes() {
        return writtenBytes;
    }

    /**
     * How long ago the newest snapshot became whole, by the wall clock.
     *
     * @return milliseconds, -1 if there is none
     */
    public long ageMs() {
        final long ms = publishedMs;
        return ms == NONE ? NONE : Math.max(0, wallClockMs.getAsLong() - ms);
    }
}
