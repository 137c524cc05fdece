package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Change sets of 60 MB pass, one after another, and another database hardly notices. */
@Tag("long")
class LargeSetLatencyTest {
    private static final int ROUNDS = 5;
    private static final int SECONDS = Integer.getInteger("lockstep.acceptance.largeSeconds", 10);
    private static final int RATE = 500;

    /** On two cores with the author beside the node. */
    private static final double RATIO_MAX = 8;

    private final List<String> passed = new ArrayList<>();

    @Test
    void shouldHardlyBeNoticedByAnotherDatabase(@TempDir final Path folder) throws Exception {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data")).start();
                Writer writer = new Writer(node.address(), "small")) {
            measure(writer); // warms up
            final double[] ratios = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                final Histogram alone = measure(writer);
                final Histogram beside;
                try (LargeAuthor author = new LargeAuthor(folder, node.address(), i)) {
                    beside = measure(writer);
                    passed.addAll(author.lines());
                }
                ratios[i] = (double) beside.getValueAtPercentile(99) / alone.getValueAtPercentile(99);
                Scenario.report(
                        "large sets: p50/p99/p99.9/max us alone=%s, beside=%s, p99 ratio=%.2f",
                        text(alone), text(beside), ratios[i]);
            }
            Arrays.sort(ratios);
            Scenario.report("large sets: passed=%s; p99 ratio: median of rounds=%.2f", passed, ratios[ROUNDS / 2]);
            assertTrue(passed.size() >= ROUNDS, "too few to mean anything: " + passed);
            assertTrue(ratios[ROUNDS / 2] < RATIO_MAX, "ratio=" + ratios[ROUNDS / 2] + " max=" + RATIO_MAX);
            assertEquals(0, node.stop());
        }
    }

    /** From when each set was due to its answer, nanoseconds, at a steady rate. */
    private static Histogram measure(final Writer writer) {
        final Histogram histogram = new Histogram(3);
        final int count = RATE * SECONDS;
        final long periodNs = TimeUnit.SECONDS.toNanos(1) / RATE;
        final long before = writer.answered();
        final long startNs = System.nanoTime();
        int due = 0;
        while (histogram.getTotalCount() < count) {
            if (due < count && System.nanoTime() - startNs >= due * periodNs && writer.submit()) {
                due++;
            }
            writer.poll();
            final long nowNs = System.nanoTime();
            for (long known = histogram.getTotalCount(); before + known < writer.answered(); known++) {
                histogram.recordValue(Math.max(0, nowNs - startNs - known * periodNs));
            }
            LockSupport.parkNanos(20_000);
        }
        return histogram;
    }

    private static String text(final Histogram histogram) {
        return histogram.getValueAtPercentile(50) / 1_000
                + "/" + histogram.getValueAtPercentile(99) / 1_000
                + "/" + histogram.getValueAtPercentile(99.9) / 1_000
                + "/" + histogram.getMaxValue() / 1_000;
    }
}
