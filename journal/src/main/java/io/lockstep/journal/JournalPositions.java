package io.lockstep.journal;

import org.agrona.concurrent.status.AtomicLongPosition;

/**
 * The two positions of a journal. Written is set by the appender, durable by the syncing thread; both are read by any
 * thread. What a position covers was stored before it is set.
 */
final class JournalPositions {
    private final AtomicLongPosition written = new AtomicLongPosition();
    private final AtomicLongPosition durable = new AtomicLongPosition();

    JournalPositions(final long writtenPosition, final long durablePosition) {
        written.setVolatile(writtenPosition);
        durable.setVolatile(durablePosition);
    }

    long written() {
        return written.getVolatile();
    }

    /** Appender thread: cheap, ordered after the record. */
    void written(final long position) {
        written.setOrdered(position);
    }

    /** Appender thread: as {@link #written(long)}, and before anything read after it. */
    void writtenFully(final long position) {
        written.setVolatile(position);
    }

    long durable() {
        return durable.getVolatile();
    }

    void durable(final long position) {
        durable.setVolatile(position);
    }
}
