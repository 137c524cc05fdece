package io.lockstep.journal.snapshot;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * The snapshots that clients read, so that the history after them stays until they have caught up: a while after the last
 * page, and not for ever, so that nobody can keep the journal from being given up. One thread notes, any thread asks.
 */
final class SnapshotPins {
    /** From the last page to the subscription that goes on from it. */
    static final long IDLE_NS = TimeUnit.MINUTES.toNanos(1);

    /** As long as one snapshot may hold history up. */
    static final long HELD_NS_MAX = TimeUnit.HOURS.toNanos(1);

    private record Pin(long position, long sinceNs, long usedNs) {
        boolean isInForce(final long nowNs) {
            return nowNs - usedNs < IDLE_NS && nowNs - sinceNs < HELD_NS_MAX;
        }
    }

    private final NanoClock clock;
    private volatile Pin[] pins = {};

    SnapshotPins(final NanoClock clock) {
        this.clock = clock;
    }

    /** A piece of it is read. */
    void used(final long position) {
        final long nowNs = clock.nanoTime();
        long sinceNs = nowNs;
        int kept = 0;
        final Pin[] next = new Pin[pins.length + 1];
        for (final Pin pin : pins) {
            if (pin.position() == position) {
                sinceNs = pin.sinceNs();
            } else if (nowNs - pin.usedNs() < HELD_NS_MAX) {
                // Also when it is in force no more: coming back to it does not begin the time anew.
                next[kept++] = pin;
            }
        }
        next[kept++] = new Pin(position, sinceNs, nowNs);
        pins = Arrays.copyOf(next, kept);
    }

    /** Records from here on are wanted; Long.MAX_VALUE if none are. */
    long keptFrom() {
        final long nowNs = clock.nanoTime();
        long from = Long.MAX_VALUE;
        for (final Pin pin : pins) {
            if (pin.isInForce(nowNs)) {
                from = Math.min(from, pin.position() + 1);
            }
        }
        return from;
    }
}
