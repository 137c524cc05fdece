package io.lockstep.gateway.limits;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Values of every {@link GatewayCounter}. Each has one writing thread; any thread may read, a moment late. */
public final class GatewayCounters {
    private final Map<GatewayCounter, AtomicLong> values = new EnumMap<>(GatewayCounter.class);

    private final RefusalCounters refusals = new RefusalCounters();

    private volatile List<StalledSession> stalled = List.of();

    /** All zero. */
    public GatewayCounters() {
        for (final GatewayCounter counter : GatewayCounter.values()) {
            values.put(counter, new AtomicLong());
        }
    }

    /**
     * Names the subscribers that do not move. Thread of the transports.
     *
     * @param sessions the worst, worst first
     */
    public void stalled(final List<StalledSession> sessions) {
        stalled = List.copyOf(sessions);
    }

    /**
     * The subscribers that do not move.
     *
     * @return a bounded number of the worst, worst first
     */
    public List<StalledSession> stalled() {
        return stalled;
    }

    /**
     * How often clients were refused.
     *
     * @return live counts
     */
    public RefusalCounters refusals() {
        return refusals;
    }

    /**
     * The value now.
     *
     * @param counter which
     * @return its value
     */
    public long value(final GatewayCounter counter) {
        return values.get(counter).get();
    }

    /**
     * Adds one. The counter's writing thread only.
     *
     * @param counter which
     */
    public void increment(final GatewayCounter counter) {
        add(counter, 1);
    }

    /**
     * Takes one off. The counter's writing thread only.
     *
     * @param counter which
     */
    public void decrement(final GatewayCounter counter) {
        add(counter, -1);
    }

    /**
     * Adds. The counter's writing thread only, so a plain read and an ordered write are enough.
     *
     * @param counter which
     * @param delta may be negative
     */
    public void add(final GatewayCounter counter, final long delta) {
        final AtomicLong value = values.get(counter);
        value.lazySet(value.getPlain() + delta);
    }

    /**
     * Sets a gauge. The counter's writing thread only.
     *
     * @param counter which
     * @param value what it is now
     */
    public void set(final GatewayCounter counter, final long value) {
        values.get(counter).lazySet(value);
    }
}
