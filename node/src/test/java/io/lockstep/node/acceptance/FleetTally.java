package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;

/** Counts what happened. One thread. */
final class FleetTally {
    private final Map<FleetEvent, Long> counts = new EnumMap<>(FleetEvent.class);
    private long deliveries;
    private long skipped;

    void add(final FleetEvent event) {
        add(event, 1);
    }

    void add(final FleetEvent event, final long count) {
        counts.merge(event, count, Long::sum);
    }

    void delivered(final long skippedBefore) {
        deliveries++;
        skipped += skippedBefore;
    }

    void skipped(final long sequences) {
        skipped += sequences;
    }

    /** Checked, each against what had to come. */
    long deliveries() {
        return deliveries;
    }

    void addAll(final FleetTally other) {
        other.counts.forEach(this::add);
        deliveries += other.deliveries;
        skipped += other.skipped;
    }

    /** Fails if something that a run is about never happened. */
    void assertComplete() {
        for (final FleetEvent event : FleetEvent.values()) {
            final long count = counts.getOrDefault(event, 0L);
            assertTrue(count >= event.least(), "happened too rarely: " + event + "=" + count + ", in all " + this);
        }
    }

    @Override
    public String toString() {
        return "deliveries=" + deliveries + " skipped=" + skipped + " " + counts;
    }
}
