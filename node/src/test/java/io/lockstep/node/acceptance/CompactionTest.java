package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often cells are written, the disk holds the live state twice, what retention keeps, and little more. */
@Tag("long")
class CompactionTest {
    private static final int CELLS = Integer.getInteger("lockstep.acceptance.compactionCells", 1_000_000);
    private static final long UPDATES = Long.getLong("lockstep.acceptance.compactionUpdates", 50_000_000);
    private static final int CHANGES_A_SET = 250;
    private static final int RETAINED_RECORDS = 10_000;
    private static final long WALL = 1_600_000_000_000L;
    private static final Site AUTHOR = new Site(0, 9);
    /**
     * However small the state is: three and a half files are the one in use, the next one and the reserve, and the window
     * begins somewhere in a file that stays whole.
     */
    private static final long FIXED_BYTES = 9L * (16 << 20) / 2;

    private static final int PAGE_BYTES = 512 << 10;
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private long answered;

    @Test
    void shouldHoldTheDiskToTheLiveState() throws IOException {
        final Path data = folder.resolve("data");
        try (NodeProcess node = new NodeProcess(
                folder,
                data,
                "--snapshot-journal-bytes",
                "16MiB",
                "--snapshot-bytes-per-second",
                "1GiB",
                "--journal-file-bytes",
                "16MiB",
                "--retention-ms",
                "0",
                "--retention-records",
                Integer.toString(RETAINED_RECORDS))) {
            node.start();
            final long startNs = System.nanoTime();
            final long sets = UPDATES / CHANGES_A_SET;
            write(node, sets);
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            settle(node, data);
            final Map<String, Object> status = status(node);
            final long liveBytes = (Long) status.get("snapshot_bytes"); // what a snapshot of it takes
            final long recordBytes = recordBytes(status);
            final long bytes = RetentionKillTest.bytes(data);
            final long windowBytes = RETAINED_RECORDS * recordBytes;
            final String before = read(node);
            assertTrue(before.endsWith(" cells=" + CELLS), before);
            node.kill();
            node.start();
            final String after = read(node);
            Scenario.report(
                    "compaction: cells=%d updates=%d seconds=%.0f journaled MiB=%d data folder MiB=%d live state MiB=%d retention"
                            + " window MiB=%d",
                    CELLS, UPDATES, seconds, recordBytes * sets / MIB, bytes / MIB, liveBytes / MIB, windowBytes / MIB);
            assertEquals(before, after);
            final long bytesMax = 2 * liveBytes + windowBytes + FIXED_BYTES;
            assertTrue(bytes < bytesMax, "bytes=" + bytes + " max=" + bytesMax);
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
        }
    }

    private void write(final NodeProcess node, final long sets) {
        final boolean[] open = {false};
        try (LockstepClient client = new LockstepClient(
                new ClientContext()
                        .addresses(node.address())
                        .sites(AUTHOR)
                        .inFlightMax(256)
                        .conclude(),
                new ClientListener() {
                    @Override
                    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
                        open[0] = true;
                    }

                    @Override
                    public void onResult(final long requestId, final SubmitResultDecoder result) {
                        answered++;
                    }
                })) {
            client.openDatabase(DatabaseOptions.createIfMissing("d"));
            for (long set = 0; answered < sets; ) {
                if (open[0] && set < sets && client.submit(changeSet(set)) >= 0) {
                    set++;
                } else if (client.poll() == 0) {
                    assertTrue(node.isAlive(), node::err);
                    client.await(1_000_000);
                }
            }
        }
    }

    private static ChangeSet changeSet(final long set) {
        final ChangeSet.Builder builder = ChangeSet.builder(AUTHOR, WALL + set, 0);
        for (int i = 0; i < CHANGES_A_SET; i++) {
            final long update = set * CHANGES_A_SET + i;
            builder.write("main", "t", Key.ofInteger(update % CELLS), "c", Value.ofInteger(update));
        }
        return builder.build();
    }

    /** Sequence, digest and number of the live cells, page by page: a million objects would not fit here. */
    private static String read(final NodeProcess node) {
        final boolean[] open = {false};
        final long[] next = {0};
        final long[] cells = {0};
        final String[] state = {null};
        try (LockstepClient client =
                new LockstepClient(new ClientContext().addresses(node.address()).conclude(), new ClientListener() {
                    @Override
                    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
                        open[0] = true;
                    }

                    @Override
                    public void onStatePage(final long requestId, final StatePageDecoder page) {
                        final boolean last = page.flags().last();
                        final String digest = Long.toHexString(page.digest().high())
                                + Long.toHexString(page.digest().low());
                        cells[0] += page.cells().count();
                        next[0] = page.nextRow();
                        state[0] = last
                                ? "sequence=" + page.sequence() + " digest=" + digest + " cells=" + cells[0]
                                : null;
                        open[0] = !last;
                    }
                })) {
            client.openDatabase(DatabaseOptions.existing("d"));
            while (state[0] == null) {
                if (open[0] && client.readState(next[0], PAGE_BYTES) >= 0) {
                    open[0] = false;
                }
                if (client.poll() == 0) {
                    client.await(1_000_000);
                }
            }
        }
        return state[0];
    }

    /** Until snapshot and retention have nothing to do. */
    private static void settle(final NodeProcess node, final Path data) throws IOException {
        long before = -1;
        for (int still = 0; still < 10; ) {
            final long bytes = RetentionKillTest.bytes(data);
            final boolean busy = !Long.valueOf(0).equals(status(node).get("snapshot_in_progress"));
            still = bytes == before && !busy ? still + 1 : 0;
            before = bytes;
            NodeProcess.pauseMs(500);
        }
    }

    /** A record as the journal has them, its own measure. */
    private static long recordBytes(final Map<String, Object> status) {
        final long first = (Long) status.get("journal_first_position");
        return (Long) status.get("journal_bytes") / ((Long) status.get("position_written") - first + 1);
    }

    private static Map<String, Object> status(final NodeProcess node) {
        try (BlockingClient reader = BlockingClient.connect(new ClientContext().addresses(node.address()))) {
            return reader.status();
        }
    }
}
