package io.lockstep.benchmarks;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.TableFilter;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How fast a new client gets a database out of a snapshot: starts a node on a data folder that {@link SnapshotStart} made,
 * and reads it over TCP, as bytes and into a replica. {@code benchmarks/bootstrap} runs it.
 */
public final class BootstrapRead {
    private static final int RUNS = 5;
    private static final int PAGE_BYTES = 512 << 10;
    private static final int PAGES = 64;
    private static final long REPLICA_CELLS_MAX = 2_500_000;
    private static final long AWAIT_NS = 1_000_000;
    private static final double MB = 1e6;
    private static final double NS_PER_S = 1e9;

    private BootstrapRead() {}

    /**
     * Runs it.
     *
     * @param args a data folder, a database
     * @throws IOException if the node cannot be started
     */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[0]);
        try (NodeProcess node = NodeProcess.start(
                List.of("--data", folder.toString(), "--tcp", "127.0.0.1:0", "--auth", "none"),
                folder.resolveSibling(folder.getFileName() + ".log"))) {
            for (int run = 1; run < RUNS; run++) {
                new Reader(node.address(), args[1]).read();
            }
            final long cells = new Reader(node.address(), args[1]).read();
            if (cells <= REPLICA_CELLS_MAX) {
                replica(node.address(), args[1]);
            } else {
                System.out.printf(
                        "replica: left out, its objects do not fit the heap: cells=%d max=%d%n",
                        cells, REPLICA_CELLS_MAX);
            }
        }
    }

    private static void replica(final String address, final String database) {
        try (BlockingClient client =
                BlockingClient.connect(new ClientContext().addresses(address).callTimeoutMs(600_000))) {
            client.openDatabase(DatabaseOptions.existing(database));
            final long startNs = System.nanoTime();
            final long[] pages = {0};
            final int cells = client.bootstrap(TableFilter.ALL, page -> pages[0]++)
                    .cells()
                    .size();
            System.out.printf(
                    Locale.ROOT,
                    "replica: pages=%d cells=%d seconds=%.2f%n",
                    pages[0],
                    cells,
                    (System.nanoTime() - startNs) / NS_PER_S);
        }
    }

    /** Reads all pages, and keeps none. */
    private static final class Reader implements ClientListener {
        private final LockstepClient client;
        private final String database;
        private long startNs;
        private long bytes;
        private long cells;
        private int pages;
        private int asked;
        private Checkpoint at = Checkpoint.START;
        private boolean open;
        private boolean done;

        Reader(final String address, final String database) {
            this.database = database;
            client = new LockstepClient(new ClientContext().addresses(address), this);
        }

        /** Tells how many cells there were. */
        long read() {
            client.openDatabase(DatabaseOptions.existing(database));
            while (!open) {
                poll();
            }
            startNs = System.nanoTime();
            while (!done) {
                if (asked == 0 && client.readSnapshot(PAGE_BYTES, PAGES, TableFilter.ALL, at) >= 0) {
                    asked = PAGES;
                }
                poll();
            }
            final double seconds = (System.nanoTime() - startNs) / NS_PER_S;
            System.out.printf(
                    Locale.ROOT,
                    "bootstrap: pages=%d cells=%d MB=%.1f seconds=%.2f MB/s=%.1f cells/s=%.0f%n",
                    pages,
                    cells,
                    bytes / MB,
                    seconds,
                    bytes / MB / seconds,
                    cells / seconds);
            client.close();
            return cells;
        }

        private void poll() {
            if (client.poll() == 0) {
                client.await(AWAIT_NS);
            }
        }

        @Override
        public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
            open = true;
        }

        @Override
        public void onSnapshotPage(final long requestId, final SnapshotPageDecoder page) {
            done = page.flags().last();
            asked--;
            pages++;
            final SnapshotPageDecoder.CellsDecoder found = page.cells();
            cells += found.count();
            bytes += page.sbeDecodedLength();
            if (asked == 0 && !done) {
                at = checkpoint(page);
            }
        }

        private static Checkpoint checkpoint(final SnapshotPageDecoder page) {
            page.sbeRewind();
            for (final SnapshotPageDecoder.CellsDecoder cell : page.cells()) {
                cell.skipSchemaName();
                cell.skipTableName();
                cell.skipKey();
                cell.skipColumnName();
                cell.skipValue();
            }
            for (final SnapshotPageDecoder.MigrationsDecoder migration : page.migrations()) {
                migration.skipSchemaName();
                migration.skipObjectName();
                migration.skipFromObjectName();
                migration.skipDdl();
            }
            final byte[] bytes = new byte[page.checkpointLength()];
            page.getCheckpoint(bytes, 0, bytes.length);
            return Checkpoint.of(bytes);
        }

        @Override
        public void onError(
                final long requestId,
                final int code,
                final long retryAfterMs,
                final long limitValue,
                final long actualValue,
                final String text) {
            throw new IllegalStateException(text);
        }
    }
}
