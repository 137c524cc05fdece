package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Two arbiters get the same commands. One keeps everything in memory. From the other databases leave whenever they may,
 * come back in pieces, are walked over, and it starts again from its snapshots now and then: records, state and digests
 * must be the same. The seed is in every message.
 */
class ResidencyPropertyTest {
    private static final int SEEDS = Integer.getInteger("lockstep.residency.seeds", 60);
    private static final int STEPS = 400;

    private long evictions;
    private long loads;
    private long kept;
    private long starts;
    private long knownOnly;

    @Test
    void shouldDecideAsIfNothingEverLeftMemory() {
        final long first = Long.getLong("lockstep.seed", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            try (Life life = new Life(seed)) {
                life.run();
            } catch (final RuntimeException | AssertionError e) {
                throw new AssertionError("lockstep.seed=" + seed, e);
            }
        }
        System.out.printf(
                "residency: evictions=%d loads=%d keptInSnapshots=%d starts=%d onlyKnownAtStart=%d%n",
                evictions, loads, kept, starts, knownOnly);
        assertTrue(evictions > SEEDS * 5L, "too little left memory: " + evictions);
        assertTrue(loads > SEEDS * 3L, "too little came back: " + loads);
        assertTrue(kept > SEEDS * 3L, "too little was taken over: " + kept);
        assertTrue(knownOnly > SEEDS, "too little was only known at starts: " + knownOnly);
    }

    private final class Life implements AutoCloseable {
        private final ModelSets sets;
        private final Random random;
        private final long seed;
        private final ArbiterDriver plain;
        private final List<Integer> databases = new ArrayList<>();
        private ArbiterDriver evicting;
        private Residency residency;
        private StateScan scan;
        private ShelfModel writing;
        private ShelfModel.Taken held;
        private long heldWalk;
        private long nowMs = ModelSets.START_MS;
        private long nowNs;
        private List<byte[]> blocks;
        private UnsafeBuffer lent;

        private Life(final long seed) {
            this.seed = seed;
            sets = new ModelSets(seed);
            random = sets.random();
            plain = ArbiterDriver.withSeed(seed);
            evicting = driver();
            begin(-1);
        }

        private ArbiterDriver driver() {
            return new ArbiterDriver(new ArbiterContext()
                    .incarnation(11, 22)
                    .hashSeed(random.nextLong(), random.nextLong())
                    .residentBytesMax(random.nextBoolean() ? 2 : 1 << 20)
                    .databasesResidentMax(1 + random.nextInt(4))
                    .conclude());
        }

        private void begin(final long walk) {
            residency = evicting.arbiter().residency();
            scan = evicting.arbiter().scan(1 + random.nextInt(3), 1 + random.nextInt(3));
            heldWalk = walk;
            residency.begin(scan, nowNs);
            writing = null;
            blocks = null;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(20);
                nowNs++;
                act();
                residency.now(nowNs, heldWalk);
                walk();
                for (int i = random.nextInt(4); i > 0; i--) {
                    residency.makeRoom(0);
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    loadStep();
                }
                if (random.nextInt(80) == 0 && held != null) {
                    start();
                }
            }
            compareAll();
            evictions += residency.evictions();
            loads += residency.loads();
        }

        private void act() {
            if (databases.isEmpty() || (databases.size() < 6 && random.nextInt(40) == 0)) {
                final RowPolicy policy = random.nextBoolean() ? RowPolicy.LAST_WRITER_WINS : RowPolicy.DELETE_WINS;
                final KeyForm form = seed % 3 == 0 ? KeyForm.QUEREUS : KeyForm.TYPED;
                final String name = "d" + databases.size();
                final int made = plain.create(name, policy, form);
                assertEquals(made, evicting.create(name, policy, form));
                databases.add(made);
                evicting.release(made, Long.MAX_VALUE);
                same();
                return;
            }
            final int database = databases.get(random.nextInt(databases.size()));
            if (random.nextInt(4) == 0) {
                open(database);
            } else if (evicting.arbiter().database(database) == null) {
                residency.want(database);
            } else if (random.nextInt(8) == 0) {
                final long horizonMs = random.nextInt(200);
                assertEquals(plain.prune(database, nowMs, horizonMs), evicting.prune(database, nowMs, horizonMs));
            } else {
                final ModelSet set = sets.next(nowMs);
                final boolean authorised = random.nextInt(6) > 0;
                assertEquals(
                        plain.submit(database, set, nowMs, authorised, true).outcomes(),
                        evicting.submit(database, set, nowMs, authorised, true).outcomes());
            }
            same();
        }

        /** As a session does that comes and goes. */
        private void open(final int database) {
            final String name = "d" + (database - 1);
            final boolean absent = evicting.arbiter().database(database) == null;
            assertEquals(database, plain.open(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED, 0, false, 0));
            assertEquals(
                    absent ? ArbiterDriver.ABSENT : database,
                    evicting.open(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED, 0, false, 0));
            if (!absent) {
                assertTrue(!evicting.arbiter().databases().byId(database).stay().isIdle(), "in use");
                evicting.release(database, 0);
                assertTrue(!evicting.arbiter().databases().byId(database).stay().isIdle(), "opened since");
                evicting.release(database, Long.MAX_VALUE);
            }
        }

        private void same() {
            assertEquals(plain.records().size(), journal(), "records");
            final int last = plain.records().size() - 1;
            final List<byte[]> made = evicting.records();
            if (!made.isEmpty()) {
                assertArrayEquals(plain.records().get(last), made.get(made.size() - 1));
            }
        }

        private int before;

        private int journal() {
            return before + evicting.records().size();
        }

        private void walk() {
            if (writing == null) {
                if (random.nextInt(20) == 0) {
                    writing = new ShelfModel(held);
                    startRecords = journal();
                    scan.start(mark());
                }
                return;
            }
            for (int i = random.nextInt(8); i > 0; i--) {
                if (scan.step(writing) == StateScan.Progress.DONE) {
                    assertTrue(scan.end(writing, mark()));
                    kept += writing.kept();
                    if (random.nextInt(4) > 0) {
                        held = writing.taken();
                        heldStart = startRecords;
                        heldWalk = scan.walk();
                    }
                    writing = null;
                    return;
                }
            }
        }

        private int startRecords;
        private int heldStart;

        private SnapshotMark mark() {
            return new SnapshotMark(
                    journal(),
                    77,
                    evicting.arbiter().epoch(),
                    evicting.arbiter().lastStampedTimeMs(),
                    0);
        }

        /** As stage and loader do. */
        private void loadStep() {
            final int wanted = residency.toAskFor();
            if (wanted != 0 && blocks == null) {
                residency.asked();
                blocks = new ArrayList<>(held.of(wanted));
            }
            if (blocks == null) {
                return;
            }
            if (lent == null) {
                lent = new UnsafeBuffer(blocks.remove(0));
                residency.block(lent, lent.capacity());
            }
            final Residency.Progress progress = residency.load();
            if (progress != Residency.Progress.MORE) {
                lent = null;
            }
            if (progress == Residency.Progress.DONE) {
                assertTrue(blocks.isEmpty());
                blocks = null;
            }
        }

        /** A process died; another starts from the newest snapshot. */
        private void start() {
            evictions += residency.evictions();
            loads += residency.loads();
            evicting.close();
            evicting = driver();
            evicting.requestsLike(plain);
            lent = null;
            final StateRestore restore = evicting.arbiter().restore();
            restore.read(held);
            final RecordView view = new RecordView();
            for (final byte[] record :
                    plain.records().subList(heldStart, plain.records().size())) {
                view.wrap(new UnsafeBuffer(record), 0, record.length);
                if (!restore.take(view)) {
                    assertArrayEquals(record, evicting.replay(record));
                }
            }
            restore.finish();
            before = plain.records().size();
            starts++;
            for (int id = 1; id <= databases.size(); id++) {
                knownOnly += evicting.arbiter().database(id) == null ? 1 : 0;
            }
            nowNs++;
            begin(0);
        }

        private void compareAll() {
            assertEquals(plain.arbiter().databaseCount(), evicting.arbiter().databaseCount());
            assertEquals(plain.databases(), evicting.databases());
            for (int id = 1; id <= plain.arbiter().databaseCount(); id++) {
                while (evicting.arbiter().database(id) == null) {
                    residency.want(id);
                    loadStep();
                }
                final DatabaseView expected = plain.arbiter().database(id);
                final DatabaseView actual = evicting.arbiter().database(id);
                assertEquals(summary(expected), summary(actual));
                final ArbiterDriver.Scan expectedScan = plain.scan(id, 10_000);
                final ArbiterDriver.Scan actualScan = evicting.scan(id, 10_000);
                assertEquals(expectedScan.cells(), actualScan.cells());
                assertEquals(expectedScan.migrations(), actualScan.migrations());
            }
        }

        @Override
        public void close() {
            plain.close();
            evicting.close();
        }
    }

    private static String summary(final DatabaseView view) {
        return view.name() + " " + view.rowPolicy() + " " + view.keyForm() + " " + view.maxDriftMs() + " sequence="
                + view.sequence() + " cells=" + view.cells() + " rows=" + view.rows() + " tombstones="
                + view.tombstones() + " migrations=" + view.migrations() + " digest="
                + Long.toHexString(view.stateDigest());
    }
}
