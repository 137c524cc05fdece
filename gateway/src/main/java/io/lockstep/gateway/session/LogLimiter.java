package io.lockstep.gateway.session;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lets one line a category pass every interval, and says how many it held back. One thread. */
final class LogLimiter {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final GatewayLog log;
    private final Map<String, Entry> entries = new HashMap<>();

    LogLimiter(final GatewayLog log) {
        this.log = log;
    }

    private static final class Entry {
        private long lastNs;
        private long suppressed;
    }

    /** Categories are constants of the code, so the map is bounded. */
    void event(final String category, final String message, final long nowNs) {
        Entry entry = entries.get(category);
        if (entry == null) {
            entry = new Entry();
            entry.lastNs = nowNs - INTERVAL_NS;
            entries.put(category, entry);
        }
        if (nowNs - entry.lastNs < INTERVAL_NS) {
            entry.suppressed++;
            return;
        }
        log.event(category, entry.suppressed == 0 ? message : message + ", alike before it: " + entry.suppressed);
        entry.lastNs = nowNs;
        entry.suppressed = 0;
    }
}
