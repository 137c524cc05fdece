package io.lockstep.client.wire;

/** When something was last heard and said on a connection, and what follows from it. One thread. */
public final class Heartbeats {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private long sayAfterNs;
    private long silenceMaxNs;
    private long lastReceivedNs;
    private long lastSentNs;

    /**
     * A session begins.
     *
     * @param nowNs now
     * @param heartbeatMs each side says something at least this often; 0 for never
     * @param timeoutMs each side closes after hearing nothing for this long; 0 for never
     */
    public void start(final long nowNs, final long heartbeatMs, final long timeoutMs) {
        sayAfterNs = heartbeatMs * NANOS_PER_MILLI / 2;
        silenceMaxNs = timeoutMs * NANOS_PER_MILLI;
        lastReceivedNs = nowNs;
        lastSentNs = nowNs;
    }

    /**
     * Bytes came.
     *
     * @param nowNs now
     */
    public void received(final long nowNs) {
        lastReceivedNs = nowNs;
    }

    /**
     * Bytes went.
     *
     * @param nowNs now
     */
    public void sent(final long nowNs) {
        lastSentNs = nowNs;
    }

    /**
     * Whether it is time to say something.
     *
     * @param nowNs now
     * @return true after half of the agreed time
     */
    public boolean isDue(final long nowNs) {
        return sayAfterNs > 0 && nowNs - lastSentNs >= sayAfterNs;
    }

    /**
     * Whether the node is taken for gone.
     *
     * @param nowNs now
     * @return true after the agreed silence
     */
    public boolean isSilent(final long nowNs) {
        return silenceMaxNs > 0 && nowNs - lastReceivedNs >= silenceMaxNs;
    }

    /**
     * For people.
     *
     * @param nowNs now
     * @return names limit and value
     */
    public String silence(final long nowNs) {
        return "heartbeatTimeoutMs=" + silenceMaxNs / NANOS_PER_MILLI + ", silentMs="
                + (nowNs - lastReceivedNs) / NANOS_PER_MILLI;
    }

    /**
     * When one of both will be.
     *
     * @param otherwiseNs a time
     * @return the earliest
     */
    public long nextDeadlineNs(final long otherwiseNs) {
        long deadlineNs = otherwiseNs;
        if (sayAfterNs > 0 && lastSentNs + sayAfterNs - deadlineNs < 0) {
            deadlineNs = lastSentNs + sayAfterNs;
        }
        if (silenceMaxNs > 0 && lastReceivedNs + silenceMaxNs - deadlineNs < 0) {
            deadlineNs = lastReceivedNs + silenceMaxNs;
        }
        return deadlineNs;
    }
}
