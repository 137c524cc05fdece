package io.lockstep.gateway.limits;

/**
 * Bytes that all connections together hold: what waits to be sent, and frames that are not whole yet. A read is counted
 * as one largest frame from when it is let in until its answer is sent, so that reads let in at once cannot pass the
 * limit together. One thread, that of the transports.
 */
public final class BufferBudget {
    /** Below this many frames nobody could ever be answered. */
    private static final int FRAMES_LEAST = 4;

    private static final int DIRECT_MEMORY_PARTS = 4;

    private final GatewayCounters counters;
    private final int frameBytesMax;
    private long bytesMax;
    private long bytes;
    private long reads;

    /**
     * A budget of which nothing is used.
     *
     * @param limits the values, concluded
     * @param frameBytesMax largest frame, bytes
     * @param counters shows what is used
     */
    public BufferBudget(final SessionLimits limits, final int frameBytesMax, final GatewayCounters counters) {
        this.counters = counters;
        this.frameBytesMax = frameBytesMax;
        bytesMax = limits.value(SessionLimit.BUFFER_BYTES_MAX);
    }

    /**
     * Holds the budget to a quarter of what may be allocated, but not under four frames.
     *
     * @param directMemoryBytes that the process may allocate
     */
    public void within(final long directMemoryBytes) {
        final long most = Math.max(directMemoryBytes / DIRECT_MEMORY_PARTS, (long) FRAMES_LEAST * frameBytesMax);
        bytesMax = Math.min(bytesMax, most);
    }

    /**
     * Bytes were taken or given back.
     *
     * @param delta below 0 when given back
     */
    public void add(final long delta) {
        bytes += delta;
        counters.add(GatewayCounter.BUFFER_BYTES, delta);
    }

    /** A read was let in. */
    public void readTaken() {
        reads++;
    }

    /**
     * Reads were answered, or nobody waits for them any more.
     *
     * @param count below 0 for so many that were let in
     */
    public void readsDone(final int count) {
        reads -= count;
    }

    /**
     * Whether so many bytes more would be too many.
     *
     * @param more bytes
     * @return true if so
     */
    public boolean isOver(final long more) {
        return bytes + more > bytesMax;
    }

    /**
     * Whether there is no room for the answer to one more read.
     *
     * @return true if so
     */
    public boolean isFull() {
        return isOver((reads + 1) * frameBytesMax);
    }

    /**
     * The limit in force.
     *
     * @return bytes
     */
    public long bytesMax() {
        return bytesMax;
    }

    /**
     * What is held, and what reads may still bring.
     *
     * @return bytes
     */
    public long claimedBytes() {
        return bytes + reads * frameBytesMax;
    }
}
