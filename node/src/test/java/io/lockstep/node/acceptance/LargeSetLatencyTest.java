package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final int ROWS = 60_000;
    private static final int VALUE_BYTES = 950;
    private static final long PAUSE_MS = 2_000;
    private static final double RATIO_MAX = 2;
    private static final long WALL = 1_650_000_000_000L;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger passed = new AtomicInteger();
    private long largeMs;
    private long bytes;

    @Test
    void shouldHardlyBeNoticedByAnotherDatabase(@TempDir final Path folder) throws Exception {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data")).start();
                Writer writer = new Writer(node.address(), "small")) {
            measure(writer); // warms up
            final double[] ratios = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                final Histogram alone = measure(writer);
                stop.set(false);
                final CompletableFuture<Void> uploads = CompletableFuture.runAsync(() -> upload(node.address()));
                final Histogram beside = measure(writer);
                stop.set(true);
                uploads.get(60, TimeUnit.SECONDS);
                ratios[i] = (double) beside.getValueAtPercentile(99) / alone.getValueAtPercentile(99);
                Scenario.report(
                        "large sets: p50/p99/p99.9/max us alone=%s, beside=%s, p99 ratio=%.2f",
                        text(alone), text(beside), ratios[i]);
            }
            Arrays.sort(ratios);
            Scenario.report(
                    "large sets: passed=%d MB each=%d ms each=%d; p99 ratio: median of rounds=%.2f",
                    passed.get(), bytes / 1_000_000, largeMs / Math.max(1, passed.get()), ratios[ROUNDS / 2]);
            assertTrue(passed.get() >= ROUNDS, "too few to mean anything: " + passed.get());
            assertTrue(ratios[ROUNDS / 2] < RATIO_MAX, "ratio=" + ratios[ROUNDS / 2] + " max=" + RATIO_MAX);
            assertEquals(0, node.stop());
        }
    }

    private void upload(final String address) {
        final byte[] value = new byte[VALUE_BYTES];
        new Random(1).nextBytes(value);
        try (BlockingClient author = BlockingClient.connect(new ClientContext().addresses(address))) {
            author.openDatabase(DatabaseOptions.createIfMissing("large"));
            while (!stop.get()) {
                final ChangeSet.Builder set = ChangeSet.builder(new Site(0, 9), WALL + passed.get(), 0);
                for (int row = 0; row < ROWS; row++) {
                    set.write("main", "t", Key.ofInteger(row), "c", Value.ofBlob(value));
                }
                final ChangeSet large = set.build();
                bytes = large.encodedLength();
                final long startNs = System.nanoTime();
                author.submitAndWait(large);
                largeMs += TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                passed.incrementAndGet();
                NodeProcess.pauseMs(PAUSE_MS);
            }
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
