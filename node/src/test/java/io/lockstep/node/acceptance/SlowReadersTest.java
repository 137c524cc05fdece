package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that take little cost the others nothing, and the node no memory that grows. */
@Tag("long")
class SlowReadersTest {
    private static final int SLOW = Integer.getInteger("lockstep.acceptance.slowReaders", 1_000);
    private static final int HEALTHY = Integer.getInteger("lockstep.acceptance.healthyReaders", 100);
    private static final int SECONDS = Integer.getInteger("lockstep.acceptance.slowSeconds", 300);
    private static final int QUIET_SECONDS = 30;
    private static final int SLOW_BYTES_PER_SECOND = 8 << 10;
    private static final int RATE = Integer.getInteger("lockstep.acceptance.slowRate", 100);
    private static final long STUCK_NS = 120_000_000_000L;
    private static final int MIB = 1 << 20;
    private static final long GROWTH_BYTES_MAX = 64L * MIB;
    private static final double RATIO_MAX = 1.2;
    private static final String DATABASE = "live";

    @TempDir
    private Path folder;

    private final List<Follower> healthy = new ArrayList<>();

    @Test
    void shouldCostTheOthersNothing() throws IOException {
        final String[] limits = {
            "--sessions-per-principal-max",
            "0",
            "--sessions-per-database-max",
            "0",
            "--connections-per-address-max",
            "0"
        };
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"), limits).start();
                Writer writer = new Writer(node.address(), DATABASE)) {
            for (int i = 0; i < HEALTHY; i++) {
                final Follower follower = new Follower(node.address(), DATABASE);
                follower.subscribe();
                healthy.add(follower);
            }
            latencies(writer, QUIET_SECONDS, null); // warms up
            final Histogram quiet = latencies(writer, QUIET_SECONDS, null);
            final Footprint before = Footprint.settled(node.pid());
            try (SlowReaders slow = new SlowReaders(node.port(), DATABASE, SLOW, SLOW_BYTES_PER_SECOND)) {
                final Footprint connected = Footprint.settled(node.pid());
                final Histogram busy = latencies(writer, SECONDS, slow);
                final Footprint after = Footprint.settled(node.pid());
                assertNull(slow.trouble());
                final double ratio = (double) busy.getValueAtPercentile(99) / quiet.getValueAtPercentile(99);
                Scenario.report(
                        "slow readers: slow=%d healthy=%d seconds=%d sets=%d taken by each KB/s=%.1f; p50/p99 us quiet=%d/%d,"
                                + " meanwhile=%d/%d, p99 ratio=%.2f; RssAnon MiB before=%d connected=%d after=%d",
                        SLOW,
                        HEALTHY,
                        SECONDS,
                        writer.submitted(),
                        slow.taken() / 1e3 / SECONDS / SLOW,
                        quiet.getValueAtPercentile(50) / 1_000,
                        quiet.getValueAtPercentile(99) / 1_000,
                        busy.getValueAtPercentile(50) / 1_000,
                        busy.getValueAtPercentile(99) / 1_000,
                        ratio,
                        before.rssAnonBytes() / MIB,
                        connected.rssAnonBytes() / MIB,
                        after.rssAnonBytes() / MIB);
                final long growth = after.rssAnonBytes() - before.rssAnonBytes();
                assertTrue(growth < GROWTH_BYTES_MAX, "growth=" + growth + " max=" + GROWTH_BYTES_MAX);
                assertTrue(ratio < RATIO_MAX, "ratio=" + ratio + " max=" + RATIO_MAX);
            }
            healthy.forEach(Follower::close);
            assertEquals(0, node.stop());
        }
    }

    /** From when each set was due to its delivery to each of the healthy, nanoseconds; at a steady rate. */
    private Histogram latencies(final Writer writer, final int seconds, final SlowReaders slow) {
        final Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        final long first = writer.submitted();
        final long startNs = System.nanoTime();
        final long periodNs = TimeUnit.SECONDS.toNanos(1) / RATE;
        final long sets = (long) seconds * RATE;
        final long[] known = new long[healthy.size()];
        long due = 0;
        long behind = healthy.size();
        while (behind > 0) {
            if (due < sets && System.nanoTime() - startNs >= due * periodNs && writer.submit()) {
                due++;
            }
            writer.poll();
            behind = 0;
            for (int i = 0; i < known.length; i++) {
                final Follower follower = healthy.get(i);
                follower.poll();
                for (; first + known[i] < follower.delivered(); known[i]++) {
                    histogram.recordValue(Math.max(0, follower.lastNs() - startNs - known[i] * periodNs));
                }
                behind += known[i] < sets ? 1 : 0;
            }
            assertTrue(slow == null || slow.trouble() == null, () -> "" + slow.trouble());
            assertTrue(System.nanoTime() - startNs < STUCK_NS + sets * periodNs, "sets were due and are not delivered");
            LockSupport.parkNanos(20_000);
        }
        return histogram;
    }
}
