package io.lockstep.gateway.testing;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/** Time that a test moves. */
public final class VirtualTime implements NanoClock, EpochClock {
    private long nowNs = 1_000_000_000L;
    private long nowMs = 1_750_000_000_000L;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public long time() {
        return nowMs;
    }

    public void advanceMs(final long ms) {
        nowNs += ms * 1_000_000L;
        nowMs += ms;
    }
}
