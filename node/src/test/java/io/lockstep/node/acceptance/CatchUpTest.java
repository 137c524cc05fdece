package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Catching up costs what one client missed: not what others wrote, and not the latency of those who are live. */
@Tag("long")
class CatchUpTest {
    private static final int MISSED = Integer.getInteger("lockstep.acceptance.catchUpMissed", 1_000_000);
    private static final double MISSED_SECONDS_MAX = 5;

    private static final int SMALL = 1_000;
    private static final int OTHERS_FEW = 10_000;
    private static final int OTHERS_MANY = Integer.getInteger("lockstep.acceptance.catchUpOthers", 1_000_000);
    private static final int SLICES = 20;
    private static final int ROUNDS = 15;
    private static final double RATIO_MAX = 2;

    private static final int CLIENTS = Integer.getInteger("lockstep.acceptance.catchUpClients", 200);
    private static final int CLIENT_DATABASES = Integer.getInteger("lockstep.acceptance.catchUpDatabases", 20);
    private static final int CLIENT_MISSED = 10_000;
    private static final int LIVE_RATE = Integer.getInteger("lockstep.acceptance.catchUpLiveRate", 500);
    private static final int LIVE_SECONDS_MIN = 10;
    private static final double LATENCY_RATIO_MAX = 3;

    @Test
    void shouldCatchUpOnAMillionMissedChangesInFiveSeconds(@TempDir final Path folder) {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data")).start();
                Writer writer = new Writer(node.address(), "large")) {
            final long startNs = System.nanoTime();
            writer.write(MISSED);
            Scenario.report("catch-up: wrote sets=%d seconds=%.1f", MISSED, (System.nanoTime() - startNs) / 1e9);
            final double[] seconds = new double[3];
            for (int i = 0; i < seconds.length; i++) {
                try (Follower follower = new Follower(node.address(), "large")) {
                    seconds[i] = follower.catchUp(MISSED);
                }
            }
            Scenario.report("catch-up: missed=%d seconds=%s", MISSED, Arrays.toString(seconds));
            assertTrue(seconds[0] < MISSED_SECONDS_MAX, "seconds=" + seconds[0] + " max=" + MISSED_SECONDS_MAX);
            assertEquals(0, node.stop());
        }
    }

    @Test
    void shouldCostTheSameWhateverOtherDatabasesWroteInBetween(@TempDir final Path folder) {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data")).start();
                Writer others = new Writer(node.address(), "others")) {
            // So that nothing is newer or older than the rest of the journal.
            writeAmong(node, others, "near", OTHERS_FEW);
            writeAmong(node, others, "far", OTHERS_MANY);
            final double[] near = new double[ROUNDS];
            final double[] far = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                near[i] = catchUpMs(node, "near");
                far[i] = catchUpMs(node, "far");
            }
            Scenario.report("catch-up: first of near ms=%.2f, far ms=%.2f", near[0], far[0]);
            Arrays.sort(near);
            Arrays.sort(far);
            final double ratio = far[ROUNDS / 2] / near[ROUNDS / 2];
            Scenario.report(
                    "catch-up: missed=%d, others=%d ms=%.2f, others=%d ms=%.2f, ratio=%.2f",
                    SMALL, OTHERS_FEW, near[ROUNDS / 2], OTHERS_MANY, far[ROUNDS / 2], ratio);
            assertTrue(ratio < RATIO_MAX, "ratio=" + ratio + " max=" + RATIO_MAX);
            assertEquals(0, node.stop());
        }
    }

    private static void writeAmong(final NodeProcess node, final Writer others, final String database, final int sets) {
        try (Writer small = new Writer(node.address(), database)) {
            for (int slice = 0; slice < SLICES; slice++) {
                small.write(SMALL / SLICES);
                others.write(sets / SLICES);
            }
        }
    }

    private static double catchUpMs(final NodeProcess node, final String database) {
        try (Follower follower = new Follower(node.address(), database)) {
            return follower.catchUp(SMALL) * 1e3;
        }
    }

    @Test
    void shouldKeepLiveLatencyWhileManyCatchUp(@TempDir final Path folder) throws Exception {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data")).start()) {
            for (int i = 0; i < CLIENT_DATABASES; i++) {
                try (Writer writer = new Writer(node.address(), "missed-" + i)) {
                    writer.write(CLIENT_MISSED);
                }
            }
            final List<Follower> behind = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                behind.add(new Follower(node.address(), "missed-" + i % CLIENT_DATABASES));
            }
            try (Writer writer = new Writer(node.address(), "live");
                    Follower live = new Follower(node.address(), "live")) {
                live.subscribe();
                latencies(writer, live, () -> false, LIVE_SECONDS_MIN); // warms up
                final long[] quiet = latencies(writer, live, () -> false, LIVE_SECONDS_MIN);
                final long startNs = System.nanoTime();
                final CompletableFuture<Double> all = CompletableFuture.supplyAsync(() -> {
                    behind.forEach(Follower::subscribe);
                    Follower.catchUp(behind, CLIENT_MISSED);
                    return (System.nanoTime() - startNs) / 1e9;
                });
                final long[] busy = latencies(writer, live, () -> !all.isDone(), 0);
                final double ratio = (double) percentile(busy, 0.99) / percentile(quiet, 0.99);
                Scenario.report(
                        "catch-up: clients=%d missed=%d seconds=%.2f; live p50/p99 us quiet=%d/%d (sets=%d), meanwhile=%d/%d"
                                + " (sets=%d), p99 ratio=%.2f",
                        CLIENTS,
                        CLIENT_MISSED,
                        all.get(),
                        percentile(quiet, 0.5) / 1_000,
                        percentile(quiet, 0.99) / 1_000,
                        quiet.length,
                        percentile(busy, 0.5) / 1_000,
                        percentile(busy, 0.99) / 1_000,
                        busy.length,
                        ratio);
                assertTrue(ratio < LATENCY_RATIO_MAX, "ratio=" + ratio + " max=" + LATENCY_RATIO_MAX);
            } finally {
                behind.forEach(Follower::close);
            }
            assertEquals(0, node.stop());
        }
    }

    /** From when each set was due to its delivery, sorted, nanoseconds; at a steady rate, at least so long. */
    private static long[] latencies(
            final Writer writer,
            final Follower live,
            final java.util.function.BooleanSupplier more,
            final int secondsMin) {
        final long first = writer.submitted();
        final long startNs = System.nanoTime();
        final long periodNs = 1_000_000_000L / LIVE_RATE;
        final List<Long> latencies = new ArrayList<>();
        long due = 0;
        while (latencies.size() < due || due < (long) secondsMin * LIVE_RATE || more.getAsBoolean()) {
            final boolean going = due < (long) secondsMin * LIVE_RATE || more.getAsBoolean();
            if (going && System.nanoTime() - startNs >= due * periodNs && writer.submit()) {
                due++;
            }
            writer.poll();
            live.poll();
            for (long known = first + latencies.size(); known < live.delivered(); known++) {
                latencies.add(live.lastNs() - startNs - (known - first) * periodNs);
            }
            LockSupport.parkNanos(20_000);
        }
        return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static long percentile(final long[] sorted, final double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))];
    }
}
