package io.lockstep.node.acceptance;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Uploads change sets of 60 MB, one after another with a rest between them: a process of its own, for the sake of its pauses. */
final class LargeAuthor implements AutoCloseable {
    private static final int ROWS = 60_000;
    private static final int VALUE_BYTES = 950;
    private static final long PAUSE_MS = 2_000;
    private static final long WALL = 1_650_000_000_000L;

    private final Process process;
    private final Path out;

    LargeAuthor(final Path folder, final String address, final int run) throws IOException {
        this(folder, address, run, "large");
    }

    LargeAuthor(final Path folder, final String address, final int run, final String database) throws IOException {
        out = folder.resolve("large-author-" + run + ".out");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LargeAuthor.class.getName(),
                        address,
                        Integer.toString(run),
                        database)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** A line for each set that was answered: bytes and milliseconds. */
    List<String> lines() throws IOException {
        return Files.readAllLines(out, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("bytes="))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process. */
    public static void main(final String[] args) throws InterruptedException {
        final byte[] value = new byte[VALUE_BYTES];
        new Random(1).nextBytes(value);
        final long firstWall = WALL + 1_000_000L * Integer.parseInt(args[1]);
        try (BlockingClient author = BlockingClient.connect(new ClientContext().addresses(args[0]))) {
            author.openDatabase(DatabaseOptions.createIfMissing(args[2]));
            for (int i = 0; ; i++) {
                final ChangeSet.Builder set = ChangeSet.builder(new Site(0, 9), firstWall + i, 0);
                for (int row = 0; row < ROWS; row++) {
                    set.write("main", "t", Key.ofInteger(row), "c", Value.ofBlob(value));
                }
                final ChangeSet large = set.build();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                final long startNs = System.nanoTime();
                author.submitAndWait(large);
                System.out.println("bytes=" + large.encodedLength() + " ms="
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
            }
        }
    }
}
