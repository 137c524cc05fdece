package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotMark;
import io.lockstep.engine.snapshot.SnapshotSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A walk over the state while it changes, and the records of its window, must give the state exactly; the seed is in every message. */
class StateSnapshotTest {
    private static final int SEEDS = 300;
    private static final int MOMENTS = 1_000;
    private static final int STEPS = 120;
    private static final int BLOCK_BYTES = 2 << 20;

    @Test
    void shouldRestoreExactlyWhateverHappensDuringTheWalk() {
        int windows = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            windows += run(seed, new ModelSets(seed));
        }
        assertTrue(windows > SEEDS * 10, "too little happened during the walks: records=" + windows);
    }

    @Test
    @Tag("long")
    void shouldRestoreExactlyAtAThousandMoments() {
        int windows = 0;
        for (long seed = SEEDS + 1; seed <= SEEDS + MOMENTS; seed++) {
            windows += run(seed, new ModelSets(seed));
        }
        System.out.printf("acceptance: moments=%d recordsDuringWalks=%d differences=0%n", MOMENTS, windows);
        assertTrue(windows > MOMENTS * 10, "too little happened during the walks: records=" + windows);
    }

    @Test
    void shouldBringLongValuesBackThatChangedDuringTheWalk() {
        int windows = 0;
        for (long seed = 1; seed <= 20; seed++) {
            windows += run(seed, ModelSets.withLongValues(seed));
        }
        assertTrue(windows > 200, "too little happened during the walks: records=" + windows);
    }

    @Test
    void shouldRefuseAJournalThatEndsWithinTheWindow() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(1);
                ArbiterDriver restored = ArbiterDriver.withSeed(2)) {
            final int database = driver.create("d", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final ModelSets sets = new ModelSets(5);
            final StateScan scan = driver.arbiter().scan(1, 1);
            final Blocks blocks = new Blocks();
            submit(driver, database, sets, 10);
            scan.start(mark(driver));
            while (scan.step(blocks) != StateScan.Progress.DONE) {
                submit(driver, database, sets, 1);
            }
            assertTrue(scan.end(blocks, mark(driver)));
            final StateRestore restore = restored.arbiter().restore();
            blocks.showTo(restore);
            assertEquals(driver.records().size(), restore.endPosition());
            assertThrows(SnapshotException.class, restore::finish);
        }
    }

    @Test
    void shouldRefuseCellsThatAreNotThoseOfTheWalk() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(1);
                ArbiterDriver other = ArbiterDriver.withSeed(2)) {
            final int database = driver.create("d", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            submit(driver, database, new ModelSets(6), 40);
            final Blocks blocks = new Blocks();
            final StateScan scan = driver.arbiter().scan();
            scan.start(mark(driver));
            while (scan.step(blocks) != StateScan.Progress.DONE) {
                assertTrue(blocks.taken.size() < 100);
            }
            final byte[] rows = blocks.taken.get(blocks.taken.size() - 1);
            rows[rows.length / 2] ^= 1; // no checksum here: this is what a bug would be
            assertThrows(
                    RuntimeException.class, () -> blocks.showTo(other.arbiter().restore()));
        }
    }

    private static int run(final long seed, final ModelSets sets) {
        final Random random = sets.random();
        try (ArbiterDriver driver = ArbiterDriver.withSeed(seed);
                ArbiterDriver restored = ArbiterDriver.withSeed(~seed)) {
            final int stepsMax = 1 + random.nextInt(4);
            final StateScan scan = driver.arbiter().scan(1 + random.nextInt(3), 1 + random.nextInt(3));
            final Blocks blocks = new Blocks();
            final List<Integer> databases = new ArrayList<>();
            final int startAt = random.nextInt(STEPS);
            int startRecords = -1;
            int endRecords = -1;
            long nowMs = ModelSets.START_MS;
            for (int step = 0; step < STEPS || endRecords < 0; step++) {
                if (step == startAt) {
                    startRecords = driver.records().size();
                    scan.start(mark(driver));
                }
                if (startRecords >= 0 && endRecords < 0) {
                    StateScan.Progress progress = StateScan.Progress.MORE;
                    for (int i = random.nextInt(stepsMax + 1); i > 0; i--) {
                        progress = scan.step(blocks);
                    }
                    if (progress == StateScan.Progress.DONE) {
                        endRecords = driver.records().size();
                        assertTrue(scan.end(blocks, mark(driver)));
                    }
                }
                nowMs += random.nextInt(20);
                act(seed, driver, databases, sets, nowMs);
            }
            final String where = "seed=" + seed + " start=" + startRecords + " end=" + endRecords;
            recover(where, driver, restored, blocks, startRecords);
            compare(where, driver, restored);
            restored.requestsLike(driver);
            for (int step = 0; step < 40; step++) {
                nowMs += random.nextInt(20);
                final int before = driver.records().size();
                final int beforeRestored = restored.records().size();
                final long chance = random.nextLong();
                final ModelSet set = sets.next(nowMs);
                for (final ArbiterDriver each : List.of(driver, restored)) {
                    final int database = databases.get((int) Math.floorMod(chance, (long) databases.size()));
                    if (Math.floorMod(chance, 11) == 0) {
                        each.prune(database, nowMs, Math.floorMod(chance, 300));
                    } else {
                        each.submit(database, set, nowMs, Math.floorMod(chance, 5) > 0, false);
                    }
                }
                final int made = driver.records().size() - before;
                assertEquals(made, restored.records().size() - beforeRestored, where);
                if (made > 0) {
                    assertArrayEquals(
                            driver.records().get(before), restored.records().get(beforeRestored), where);
                }
            }
            compare(where + " later", driver, restored);
            return endRecords - startRecords;
        }
    }

    private static void act(
            final long seed,
            final ArbiterDriver driver,
            final List<Integer> databases,
            final ModelSets sets,
            final long nowMs) {
        final Random random = sets.random();
        if (databases.isEmpty() || (databases.size() < 3 && random.nextInt(50) == 0)) {
            databases.add(driver.create(
                    "d" + databases.size(),
                    (seed + databases.size()) % 2 == 0 ? RowPolicy.LAST_WRITER_WINS : RowPolicy.DELETE_WINS,
                    seed % 3 == 0 ? KeyForm.QUEREUS : KeyForm.TYPED));
        }
        final int database = databases.get(random.nextInt(databases.size()));
        if (random.nextInt(12) == 0) {
            driver.prune(database, nowMs, random.nextInt(200));
        } else {
            driver.submit(database, sets.next(nowMs), nowMs, random.nextInt(6) > 0, false);
        }
    }

    private static void recover(
            final String where,
            final ArbiterDriver driver,
            final ArbiterDriver restored,
            final Blocks blocks,
            final int startRecords) {
        final StateRestore restore = restored.arbiter().restore();
        blocks.showTo(restore);
        assertEquals(startRecords, restore.start().position(), where);
        final RecordView view = new RecordView();
        for (final byte[] record :
                driver.records().subList(startRecords, driver.records().size())) {
            view.wrap(new UnsafeBuffer(record), 0, record.length);
            if (!restore.take(view)) {
                assertArrayEquals(record, restored.replay(record), where);
            }
        }
        restore.finish();
    }

    private static void compare(final String where, final ArbiterDriver driver, final ArbiterDriver restored) {
        assertEquals(driver.arbiter().databaseCount(), restored.arbiter().databaseCount(), where);
        for (int id = 1; id <= driver.arbiter().databaseCount(); id++) {
            final DatabaseView expected = driver.arbiter().database(id);
            final DatabaseView actual = restored.arbiter().database(id);
            assertEquals(summary(expected), summary(actual), where);
            final ArbiterDriver.Scan expectedScan = driver.scan(id, 10_000);
            final ArbiterDriver.Scan actualScan = restored.scan(id, 10_000);
            assertEquals(expectedScan.cells(), actualScan.cells(), where);
            assertEquals(expectedScan.migrations(), actualScan.migrations(), where);
        }
    }

    private static String summary(final DatabaseView view) {
        return view.name() + " " + view.rowPolicy() + " " + view.keyForm() + " " + view.maxDriftMs() + " sequence="
                + view.sequence() + " cells=" + view.cells() + " rows=" + view.rows() + " tombstones="
                + view.tombstones() + " migrations=" + view.migrations() + " digest="
                + Long.toHexString(view.stateDigest());
    }

    private static void submit(final ArbiterDriver driver, final int database, final ModelSets sets, final int count) {
        for (int i = 0; i < count; i++) {
            driver.submit(database, sets.next(ModelSets.START_MS), ModelSets.START_MS + 10_000);
        }
    }

    private static SnapshotMark mark(final ArbiterDriver driver) {
        return new SnapshotMark(
                driver.records().size(),
                77,
                driver.arbiter().epoch(),
                driver.arbiter().lastStampedTimeMs(),
                0);
    }

    /** Keeps what blocks held, and gives the same few out again. */
    private static final class Blocks implements SnapshotSink {
        private final List<byte[]> taken = new ArrayList<>();
        private final ArrayList<SnapshotBlock> free =
                new ArrayList<>(List.of(new SnapshotBlock(BLOCK_BYTES), new SnapshotBlock(BLOCK_BYTES)));

        @Override
        public SnapshotBlock take() {
            return free.isEmpty() ? null : free.remove(free.size() - 1);
        }

        @Override
        public void write(final SnapshotBlock block) {
            final byte[] bytes = new byte[block.length()];
            block.buffer().getBytes(0, bytes);
            taken.add(bytes);
            free.add(block);
        }

        void showTo(final StateRestore restore) {
            for (final byte[] bytes : taken) {
                restore.onBlock(new UnsafeBuffer(bytes), 0, bytes.length);
            }
        }
    }
}
