package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One database that sends ten times its quota from many sessions waits for itself: the others hardly notice. */
@Tag("long")
class FairTurnsTest {
    private static final int QUOTA = Integer.getInteger("lockstep.acceptance.fairQuota", 2_000);
    private static final int TIMES = 10;
    private static final int SESSIONS = Integer.getInteger("lockstep.acceptance.fairSessions", 100);
    private static final int OTHERS = 8;
    private static final int OTHERS_RATE = Integer.getInteger("lockstep.acceptance.fairRate", 400);
    private static final long STUCK_NS = 120_000_000_000L;
    private static final int ROUNDS = Integer.getInteger("lockstep.acceptance.fairRounds", 7);
    private static final int SECONDS = Integer.getInteger("lockstep.acceptance.fairSeconds", 5);
    private static final double RATIO_MAX = 1.5;
    private static final int PAUSE_MS = 1_000;

    private final List<Writer> writers = new ArrayList<>();
    private long before;

    @Test
    void shouldKeepTheOthersLatencyWhileOneDatabaseSendsTenTimesItsQuota(@TempDir final Path folder) {
        final double ratio = run(folder, QUOTA * TIMES, "--database-messages-per-second", Integer.toString(QUOTA));
        assertTrue(ratio < RATIO_MAX, "ratio=" + ratio + " max=" + RATIO_MAX);
    }

    private double run(final Path folder, final int noisyRate, final String... settings) {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"), settings).start()) {
            for (int i = 0; i < OTHERS; i++) {
                writers.add(new Writer(node.address(), "quiet-" + i));
            }
            measure(node, QUOTA); // warms up
            measure(node, noisyRate);
            final Histogram[] all = {new Histogram(3), new Histogram(3), new Histogram(3)};
            final double[] ratios = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                final Histogram[] round = {measure(node, 0), measure(node, QUOTA), measure(node, noisyRate)};
                ratios[i] = p99(round[2]) / p99(round[0]);
                for (int j = 0; j < all.length; j++) {
                    all[j].add(round[j]);
                }
                Scenario.report(
                        "fair turns: others' p50/p99 us alone=%s, within=%s, noisy=%s",
                        text(round[0]), text(round[1]), text(round[2]));
            }
            Arrays.sort(ratios);
            Scenario.report(
                    "fair turns: others' p50/p99 us alone=%s, within=%s, noisy=%s; p99 ratio to alone: median of rounds=%.2f,"
                            + " all together=%.2f, to within the quota=%.2f, rounds=%s",
                    text(all[0]),
                    text(all[1]),
                    text(all[2]),
                    ratios[ROUNDS / 2],
                    p99(all[2]) / p99(all[0]),
                    p99(all[2]) / p99(all[1]),
                    Arrays.toString(ratios));
            writers.forEach(Writer::close);
            assertEquals(0, node.stop());
            return ratios[ROUNDS / 2];
        }
    }

    private static double p99(final Histogram histogram) {
        return histogram.getValueAtPercentile(99);
    }

    private static String text(final Histogram histogram) {
        return histogram.getValueAtPercentile(50) / 1_000 + "/" + histogram.getValueAtPercentile(99) / 1_000;
    }

    /** While a crowd sends at a rate to a database of its own; what it could not send is gone with it. */
    private Histogram measure(final NodeProcess node, final int noisyRate) {
        NodeProcess.pauseMs(PAUSE_MS);
        if (noisyRate == 0) {
            return measure();
        }
        try (NoisyCrowd crowd = new NoisyCrowd(node.address(), "noisy", SESSIONS)) {
            crowd.rate(noisyRate);
            NodeProcess.pauseMs(PAUSE_MS);
            final Histogram histogram = measure();
            crowd.rate(0);
            Scenario.report(
                    "fair turns: crowd sessions=%d rate=%d offered=%d answered=%d refused=%d retryAfterMsMost=%d; %s",
                    SESSIONS,
                    noisyRate,
                    crowd.offered(),
                    crowd.answered(),
                    crowd.refused(),
                    crowd.retryMsMost(),
                    crowd.refusal());
            return histogram;
        }
    }

    /** From when each set of the others was due to its answer, nanoseconds, at a steady rate. */
    private Histogram measure() {
        final Histogram histogram = new Histogram(3);
        final int count = OTHERS_RATE * SECONDS / OTHERS * OTHERS;
        final long periodNs = 1_000_000_000L / OTHERS_RATE;
        final long startNs = System.nanoTime();
        final long[] known = new long[OTHERS];
        int due = 0;
        while (histogram.getTotalCount() < count) {
            if (due < count
                    && System.nanoTime() - startNs >= due * periodNs
                    && writers.get(due % OTHERS).submit()) {
                due++;
            }
            for (int i = 0; i < OTHERS; i++) {
                final Writer writer = writers.get(i);
                writer.poll();
                final long nowNs = System.nanoTime();
                for (; before + known[i] < writer.answered(); known[i]++) {
                    histogram.recordValue(Math.max(0, nowNs - startNs - (known[i] * OTHERS + i) * periodNs));
                }
            }
            assertTrue(System.nanoTime() - startNs < STUCK_NS, "sets were due and are not answered");
            LockSupport.parkNanos(20_000);
        }
        before += count / OTHERS;
        return histogram;
    }
}
