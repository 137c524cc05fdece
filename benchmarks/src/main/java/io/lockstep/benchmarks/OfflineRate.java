package io.lockstep.benchmarks;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import io.lockstep.client.offline.OfflineContext;
import io.lockstep.client.offline.OfflineDatabase;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast a device writes, sends, reads the state and catches up, beside a node on the same disk.
 * {@code benchmarks/offline} runs it.
 */
public final class OfflineRate {
    private static final String NO_NODE = "127.0.0.1:1";
    private static final int ROUNDS = 3;
    private static final int SYNCED_SHARE = 20;
    private static final long WAIT_MS = 300_000;

    private final Path folder;
    private final int sets;

    private OfflineRate(final Path folder, final int sets) {
        this.folder = folder;
        this.sets = sets;
    }

    /**
     * Prints one line a step.
     *
     * @param args change sets a step, and an empty folder
     * @throws IOException if the node does not start
     * @throws InterruptedException never
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final Path folder = Path.of(args[1]);
        final OfflineRate rate = new OfflineRate(folder, Integer.parseInt(args[0]));
        try (NodeProcess node = NodeProcess.start(
                List.of("--data", folder.resolve("node").toString(), "--tcp", "127.0.0.1:0", "--auth", "none"),
                folder.resolve("node.log"))) {
            rate.run(node.address());
        }
    }

    private void run(final String address) throws InterruptedException {
        for (int round = 1; round <= ROUNDS; round++) {
            try (OfflineDatabase alone = open("author", NO_NODE, false)) {
                final long startNs = System.nanoTime();
                write(alone, 0, sets);
                report("written without a node, in the page cache, round " + round, sets, startNs);
            }
            try (OfflineDatabase author = open("author", address, false)) {
                final long startNs = System.nanoTime();
                author.awaitAnswers(WAIT_MS);
                report("sent and settled, round " + round, sets, startNs);
            }
        }
        readState(address);
        catchUp(address);
    }

    private void readState(final String address) throws InterruptedException {
        final long startNs = System.nanoTime();
        try (OfflineDatabase reader = open("reader", address, false)) {
            reader.awaitSequence((long) ROUNDS * sets, WAIT_MS);
            report("cells of the state read for the first time", reader.cells().size(), startNs);
        }
    }

    private void catchUp(final String address) throws InterruptedException {
        try (OfflineDatabase author = open("author", address, false)) {
            write(author, 0, sets);
            author.awaitAnswers(WAIT_MS);
        }
        long startNs = System.nanoTime();
        try (OfflineDatabase reader = open("reader", address, true)) {
            report("cells opened", reader.cells().size(), startNs);
            startNs = System.nanoTime();
            reader.awaitSequence((ROUNDS + 1L) * sets, WAIT_MS);
            report("deliveries caught up", sets, startNs);
            writeSynced(reader, 1);
            writeSynced(reader, 8);
        }
    }

    private void writeSynced(final OfflineDatabase database, final int threads) throws InterruptedException {
        final int each = sets / SYNCED_SHARE / threads;
        final long startNs = System.nanoTime();
        final List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            final int first = i * each;
            final Thread writer = new Thread(() -> write(database, first, each));
            writers.add(writer);
            writer.start();
        }
        for (final Thread writer : writers) {
            writer.join();
        }
        report("written on stable storage by threads=" + threads, (long) each * threads, startNs);
        database.awaitAnswers(WAIT_MS);
    }

    private static void write(final OfflineDatabase database, final int first, final int count) {
        for (int i = first; i < first + count; i++) {
            final int key = i;
            database.write(set -> set.write("main", "t", Key.ofInteger(key), "v", Value.ofInteger(key)));
        }
    }

    private OfflineDatabase open(final String name, final String address, final boolean synced) {
        return OfflineDatabase.open(new OfflineContext()
                .folder(folder.resolve(name))
                .database(DatabaseOptions.createIfMissing("d"))
                .client(new ClientContext().addresses(address).backoffMs(5, 50))
                .synced(synced));
    }

    private static void report(final String what, final long count, final long startNs) {
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.println(
                String.format(Locale.ROOT, "%-55s %9d in %6.2f s %10.0f/s", what, count, seconds, count / seconds));
    }
}
