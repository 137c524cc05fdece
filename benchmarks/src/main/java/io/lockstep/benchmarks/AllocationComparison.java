package io.lockstep.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * Compares ways to allocate a journal file by what stores and syncs of it cost afterwards; not a budget, but what
 * docs/decisions/journal-files.md rests on. Needs the {@code fallocate} tool.
 */
public final class AllocationComparison {
    private static final int FILE_BYTES = 128 << 20;
    private static final int SYNCS = 2_000;
    private static final int RESERVED = 0;

    private AllocationComparison() {}

    /**
     * Runs.
     *
     * @param args the folder to try; none for the temporary one
     * @throws IOException if the disk refuses
     * @throws InterruptedException never
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final Path folder = Path.of(args.length == 0 ? System.getProperty("java.io.tmpdir") : args[0]);
        for (final int storedBytes : new int[] {256, 16_384, 60_000}) {
            for (final int pieceBytes : new int[] {RESERVED, 4 << 10, 16 << 10, 1 << 20}) {
                compare(folder, pieceBytes, storedBytes, System.out);
            }
        }
    }

    private static void compare(final Path folder, final int pieceBytes, final int storedBytes, final PrintStream out)
            throws IOException, InterruptedException {
        final Path file = Files.createTempFile(folder, "lockstep-allocation-", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            allocate(file, channel, pieceBytes);
            final MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            final byte[] bytes = new byte[storedBytes];
            Arrays.fill(bytes, (byte) 1);
            final long[] storeNs = new long[SYNCS];
            final long[] forceNs = new long[SYNCS];
            for (int i = 0; i < SYNCS; i++) {
                final long startNs = System.nanoTime();
                mapping.put(i * storedBytes, bytes);
                final long storedNs = System.nanoTime();
                channel.force(false);
                forceNs[i] = System.nanoTime() - storedNs;
                storeNs[i] = storedNs - startNs;
            }
            out.printf(
                    Locale.ROOT,
                    "allocated=%-14s storedBytes=%-6d store %s   sync %s%n",
                    pieceBytes == RESERVED ? "fallocate" : "zeros/" + pieceBytes,
                    storedBytes,
                    percentiles(storeNs),
                    percentiles(forceNs));
        } finally {
            Files.delete(file);
        }
    }

    private static void allocate(final Path file, final FileChannel channel, final int pieceBytes)
            throws IOException, InterruptedException {
        if (pieceBytes == RESERVED) {
            final Process tool = new ProcessBuilder("fallocate", "-l", Integer.toString(FILE_BYTES), file.toString())
                    .inheritIO()
                    .start();
            if (tool.waitFor() != 0) {
                throw new IOException("fallocate answered " + tool.exitValue());
            }
        } else {
            final ByteBuffer zeros = ByteBuffer.allocateDirect(pieceBytes);
            while (channel.size() < FILE_BYTES) {
                channel.write(zeros.clear(), channel.size());
            }
        }
        channel.force(true);
    }

    private static String percentiles(final long[] samplesNs) {
        Arrays.sort(samplesNs);
        return String.format(
                Locale.ROOT,
                "p50=%dus p99=%dus max=%dus",
                samplesNs[samplesNs.length / 2] / 1_000,
                samplesNs[samplesNs.length * 99 / 100] / 1_000,
                samplesNs[samplesNs.length - 1] / 1_000);
    }
}
