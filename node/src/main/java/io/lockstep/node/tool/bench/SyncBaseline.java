package io.lockstep.node.tool.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/**
 * A bare sync: appends 4 KiB to a file and forces it, again and again. What the disk costs without Lockstep.
 *
 * @param syncs how many
 * @param perSecond how many a second
 * @param p50Us median, microseconds
 * @param p99Us 99th percentile, microseconds
 * @param maxUs the slowest, microseconds
 */
public record SyncBaseline(long syncs, double perSecond, double p50Us, double p99Us, double maxUs) {
    private static final int APPEND_BYTES = 4_096;
    private static final long FILE_BYTES_MAX = 64L << 20;
    private static final long LATENCY_MAX_NS = 60_000_000_000L;

    /**
     * Measures.
     *
     * @param folder gets a file that is removed again
     * @param measureMs how long
     * @return what was measured
     * @throws IOException from below
     */
    public static SyncBaseline measure(final Path folder, final long measureMs) throws IOException {
        final Histogram histogram = new Histogram(LATENCY_MAX_NS, 3);
        final ByteBuffer bytes = ByteBuffer.allocateDirect(APPEND_BYTES);
        final Path file = Files.createTempFile(folder, "bench-sync", ".tmp");
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (nowNs - startNs < measureMs * 1_000_000 && channel.position() < FILE_BYTES_MAX) {
                bytes.clear();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
                final long endNs = System.nanoTime();
                histogram.recordValue(Math.min(endNs - nowNs, LATENCY_MAX_NS));
                nowNs = endNs;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        final long syncs = histogram.getTotalCount();
        return new SyncBaseline(
                syncs,
                syncs * 1e9 / Math.max(1, nowNs - startNs),
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(99) / 1e3,
                histogram.getMaxValue() / 1e3);
    }
}
