package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Late subscribers with filters of their own take a change set of 60 MB, and another database catches up meanwhile. */
@Tag("long")
class LargeSetReadersTest {
    /** Each leaves all of it, and is not the other. */
    private static final List<String> GLOBS =
            List.of("t", "t*", "*t", "*", "?", "main.t", "main.*", "*.t", "m*.t", "ma?n.t");

    private static final int READERS = Integer.getInteger("lockstep.acceptance.largeSetReaders", GLOBS.size());

    private static final int SMALL_SETS = 1_000;
    private static final int ALONE = 50;

    /** Of all readers together: what a minute is for a set that is read again for each part. */
    private static final double SECONDS_MAX = 60;

    /** On two cores with all clients beside the node. */
    private static final long CATCH_UP_MAX_US = 1_000_000;

    private final List<LargeSetReaders> readers = new ArrayList<>();

    @Test
    void shouldTakeALargeSetAndKeepNobodyFromTheReader(@TempDir final Path folder) throws Exception {
        measure(folder, 1, READERS);
    }

    @Test
    void shouldTakeMoreSetsThanTheReaderKeeps(@TempDir final Path folder) throws Exception {
        measure(folder, 5, 2);
    }

    private void measure(final Path folder, final int sets, final int readersOfEach) throws Exception {
        try (NodeProcess node = new NodeProcess(folder, folder.resolve("data"))
                        .onTestClasses()
                        .start();
                Writer writer = new Writer(node.address(), "small")) {
            writer.write(SMALL_SETS);
            for (int i = 0; i < sets; i++) {
                try (LargeAuthor author = new LargeAuthor(folder, node.address(), i, "large" + i)) {
                    while (author.lines().isEmpty()) {
                        NodeProcess.pauseMs(50);
                    }
                }
            }
            final Histogram alone = new Histogram(3);
            for (int i = 0; i < ALONE; i++) {
                catchUp(node, alone);
            }
            final Histogram beside = new Histogram(3);
            final long startNs = System.nanoTime();
            for (int i = 0; i < sets; i++) {
                readers.add(new LargeSetReaders(node.port(), "large" + i, GLOBS.subList(0, readersOfEach)));
            }
            while (!readers.stream().allMatch(LargeSetReaders::areDone)) {
                catchUp(node, beside);
            }
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            readers.forEach(LargeSetReaders::close);
            Scenario.report(
                    "large set readers: sets=%d readers of each=%d seconds=%.1f; catch-up of %d sets elsewhere p50/p99/max us alone=%s, beside=%s (%d)",
                    sets, readersOfEach, seconds, SMALL_SETS, text(alone), text(beside), beside.getTotalCount());
            assertTrue(seconds < SECONDS_MAX, "seconds=" + seconds + " max=" + SECONDS_MAX);
            assertTrue(
                    beside.getMaxValue() < CATCH_UP_MAX_US,
                    "catchUpUs=" + beside.getMaxValue() + " max=" + CATCH_UP_MAX_US);
            assertEquals(0, node.stop());
        } finally {
            readers.forEach(LargeSetReaders::close);
        }
    }

    private static void catchUp(final NodeProcess node, final Histogram histogram) {
        try (Follower follower = new Follower(node.address(), "small")) {
            histogram.recordValue((long) (follower.catchUp(SMALL_SETS) * 1e6));
        }
    }

    private static String text(final Histogram histogram) {
        return histogram.getValueAtPercentile(50) + "/" + histogram.getValueAtPercentile(99) + "/"
                + histogram.getMaxValue();
    }
}
