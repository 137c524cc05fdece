package io.lockstep.journal;

import net.openhft.chronicle.queue.RollCycle;

/**
 * The queue's way of dividing itself into files, by time alone; the time is ours, and moves one second a file. The
 * queue's index is as small as it can be, since we keep our own.
 */
enum FileCycle implements RollCycle {
    /** A file a second of virtual time. */
    FILE_A_SECOND;

    private static final int INDEX_COUNT = 256;
    private static final int INDEX_SPACING = 4096;
    private static final int SEQUENCE_BITS = 32;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
    private static final int CYCLE_MS = 1000;

    @Override
    public String format() {
        return "yyyyMMdd-HHmmss";
    }

    @Override
    public int lengthInMillis() {
        return CYCLE_MS;
    }

    @Override
    public int defaultIndexCount() {
        return INDEX_COUNT;
    }

    @Override
    public int defaultIndexSpacing() {
        return INDEX_SPACING;
    }

    @Override
    public long toIndex(final int cycle, final long sequenceNumber) {
        return ((long) cycle << SEQUENCE_BITS) + (sequenceNumber & SEQUENCE_MASK);
    }

    @Override
    public long toSequenceNumber(final long index) {
        return index & SEQUENCE_MASK;
    }

    @Override
    public int toCycle(final long index) {
        return Math.toIntExact(index >>> SEQUENCE_BITS);
    }

    @Override
    public long maxMessagesPerCycle() {
        return (long) INDEX_COUNT * INDEX_COUNT * INDEX_SPACING;
    }
}
