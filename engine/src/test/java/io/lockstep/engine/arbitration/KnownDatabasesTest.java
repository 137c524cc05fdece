package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotMark;
import io.lockstep.engine.snapshot.SnapshotSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a database costs that is known and not in memory. */
class KnownDatabasesTest {
    private static final int DATABASES = Integer.getInteger("lockstep.known.databases", 40_000);
    private static final int AT_ONCE = 10_000;

    /** Where it lies in the snapshot's file, beside what the arbiter keeps. */
    private static final int PLACE_BYTES = Long.BYTES;

    private static final int BYTES_MAX = 128;

    @Test
    void shouldCostLittle() {
        try (ArbiterDriver driver = new ArbiterDriver(new ArbiterContext()
                .incarnation(1, 2)
                .hashSeed(3, 4)
                .databasesMax(DATABASES)
                .databasesResidentMax(1)
                .conclude())) {
            final Residency residency = driver.arbiter().residency();
            final StateScan scan = driver.arbiter().scan();
            final Nowhere sink = new Nowhere();
            residency.begin(scan, 0);
            final long heapBefore = heapBytes();
            final long before = residency.usedBytes();
            for (int made = 0; made < DATABASES; made += AT_ONCE) {
                for (int i = 0; i < AT_ONCE; i++) {
                    final int id = driver.create(
                            String.format("db-%09d", made + i), RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
                    driver.release(id, Long.MAX_VALUE);
                }
                driver.records().clear();
                scan.start(new SnapshotMark(1, 1, 1, 1, 1));
                while (scan.step(sink) != StateScan.Progress.DONE) {
                    residency.now(made + 2L, -1);
                }
                residency.now(made + 2L, scan.walk());
                while (residency.makeRoom(1)) {
                    residency.now(made + 2L, scan.walk());
                }
            }
            assertEquals(1, residency.resident());
            final double heap = (double) (heapBytes() - heapBefore) / DATABASES;
            final double arena = (double) (residency.usedBytes() - before) / DATABASES;
            System.out.printf(
                    "known databases: %d, bytes of one: off-heap=%.1f heap=%.1f place in the file=%d%n",
                    DATABASES, arena, heap, PLACE_BYTES);
            assertTrue(arena + heap + PLACE_BYTES <= BYTES_MAX, "arena=" + arena + " heap=" + heap);
        }
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            final Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Takes everything, and keeps nothing. */
    private static final class Nowhere implements SnapshotSink {
        private final List<SnapshotBlock> free =
                new ArrayList<>(List.of(new SnapshotBlock(2 << 20), new SnapshotBlock(2 << 20)));

        @Override
        public SnapshotBlock take() {
            return free.remove(free.size() - 1);
        }

        @Override
        public void write(final SnapshotBlock block) {
            free.add(block);
        }
    }
}
