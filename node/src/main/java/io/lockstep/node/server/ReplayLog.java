package io.lockstep.node.server;

import io.lockstep.engine.recovery.ReplayProgress;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;

/** Tells about a replay that takes long enough for somebody to wonder. */
final class ReplayLog implements ReplayProgress {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final Logger log;
    private final NanoClock clock;
    private long lastNs;

    ReplayLog(final Logger log, final NanoClock clock) {
        this.log = log;
        this.clock = clock;
        lastNs = clock.nanoTime();
    }

    @Override
    public void onReplayed(final long position, final long lastPosition) {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastNs >= INTERVAL_NS) {
            lastNs = nowNs;
            log.info("replayed {} of {} records ({} %)", position, lastPosition, position * 100 / lastPosition);
        }
    }
}
