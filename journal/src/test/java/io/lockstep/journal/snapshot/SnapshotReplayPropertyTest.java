package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.arbitration.DatabaseView;
import io.lockstep.engine.arbitration.ModelSets;
import io.lockstep.engine.arbitration.StateRestore;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.SealDigest;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.Replay;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node without a gateway lives, takes snapshots and is killed at random moments, again and again on what is left: each
 * time the newest snapshot and the journal after it must give what the whole journal gives. Now and then the journal
 * loses its end, the newest snapshot gets a flipped bit, or one that should be gone is still there.
 */
class SnapshotReplayPropertyTest {
    private static final int MOMENTS = Integer.getInteger("lockstep.snapshot.moments", 20);
    private static final int LIVES = 10;
    private static final Incarnation INCARNATION = new Incarnation(5, 6);

    @TempDir
    private Path folder;

    private int moments;
    private int fromSnapshots;
    private int withWindow;
    private int refused;
    private int fellBack;
    private long windowRecords;

    @Test
    void shouldGiveFromASnapshotWhatTheWholeJournalGives() throws IOException {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        for (int history = 0; moments < MOMENTS; history++) {
            final Path place = Files.createDirectory(folder.resolve("history-" + history));
            try {
                new History(place, seed + history).run();
            } catch (final RuntimeException | AssertionError ex) {
                throw new AssertionError("lockstep.seed=" + (seed + history), ex);
            }
            delete(place);
        }
        System.out.printf(
                "snapshots: moments=%d fromSnapshots=%d withRecordsInTheWalk=%d recordsInTheWalks=%d refused=%d"
                        + " fellBackToAnOlder=%d seed=%d%n",
                moments, fromSnapshots, withWindow, windowRecords, refused, fellBack, seed);
        assertTrue(withWindow * 4 > moments, "too few starts from a walk with records in it: " + withWindow);
    }

    private final class History {
        private final Path place;
        private final long seed;
        private final ModelSets sets;
        private final Random random;
        private Path data;
        private long nowMs = ModelSets.START_MS;
        private boolean setBack;
        private boolean spoilt;

        private History(final Path place, final long seed) {
            this.place = place;
            this.seed = seed;
            sets = new ModelSets(seed);
            random = sets.random();
        }

        void run() throws IOException {
            data = Files.createDirectory(place.resolve("life-0"));
            for (int life = 0; life < LIVES && moments < MOMENTS; life++) {
                live(life);
                moments++;
            }
        }

        private void live(final int life) throws IOException {
            final Path next = place.resolve("life-" + (life + 1));
            final Path kept = Files.createDirectories(place.resolve("kept"));
            Path earlier = null;
            String lived = null;
            try (ChronicleJournal journal = open(data);
                    Start start = start(journal);
                    SnapshotLife node = new SnapshotLife(data, journal, start.arbiter, start.recovered, sets, nowMs)) {
                final int rounds = 1 + random.nextInt(8);
                for (int round = 0; round < rounds; round++) {
                    node.live(20 + random.nextInt(500));
                    keepOne(kept);
                    if (random.nextInt(40) == 0 && earlier == null) {
                        earlier = place.resolve("earlier-" + life);
                        copy(data.resolve("journal"), earlier);
                    }
                }
                if (random.nextInt(3) == 0) {
                    node.drain();
                    lived = state(node.arbiter());
                }
                nowMs = node.nowMs();
                copy(data, next); // killed here
            }
            delete(data);
            data = next;
            if (earlier != null) {
                delete(data.resolve("journal"));
                copy(earlier, data.resolve("journal"));
                setBack = true;
                lived = null;
            }
            spoil(kept);
            check(lived);
        }

        /** Opens what is left once more, to compare; the next life starts by itself. */
        private void check(final String lived) throws IOException {
            final Path copy = place.resolve("check");
            copy(data, copy);
            try (ChronicleJournal journal = open(copy);
                    Arbiter whole = arbiter()) {
                final RecoveredState all = JournalBootstrap.recover(journal, INCARNATION, whole, ReplayProgress.NONE);
                final String expected = state(whole);
                if (lived != null) {
                    assertEquals(lived, expected, "the journal holds what was decided");
                }
                final String end = text(all); // once: it uses up the digest
                boolean found = false;
                for (final SnapshotFile file : new SnapshotFolder(copy).newestFirst()) {
                    found |= compare(file, journal, expected, end, found);
                }
                fromSnapshots += found ? 1 : 0;
            }
            delete(copy);
        }

        /** Every snapshot that there is, and not the newest alone. */
        private boolean compare(
                final SnapshotFile file,
                final ChronicleJournal journal,
                final String expected,
                final String end,
                final boolean foundBefore) {
            try (Arbiter arbiter = arbiter()) {
                final StateRestore restore = arbiter.restore();
                final RecoveredState some;
                try {
                    some = recover(file, journal, arbiter, restore);
                } catch (final SnapshotException ex) {
                    assertTrue(setBack || spoilt, () -> "seed=" + seed + " refused " + file + ": " + ex);
                    refused++;
                    return false;
                }
                assertEquals(expected, state(arbiter));
                assertEquals(end, text(some));
                final long records = restore.endPosition() - restore.start().position();
                if (!foundBefore) {
                    withWindow += records > 0 ? 1 : 0;
                    windowRecords += records;
                    fellBack += spoilt ? 1 : 0;
                }
                return true;
            }
        }

        private void spoil(final Path kept) throws IOException {
            final SnapshotFolder snapshots = new SnapshotFolder(data);
            spoilt = false;
            if (random.nextInt(4) == 0) {
                // A process died between giving a snapshot its name and deleting the older ones.
                copy(kept, snapshots.path());
            }
            final List<SnapshotFile> files = snapshots.newestFirst();
            if (random.nextInt(8) == 0 && !files.isEmpty()) {
                final byte[] bytes = Files.readAllBytes(files.get(0).path());
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(files.get(0).path(), bytes);
                spoilt = true;
            }
        }

        private void keepOne(final Path kept) throws IOException {
            final List<SnapshotFile> files = new SnapshotFolder(data).newestFirst();
            if (!files.isEmpty() && random.nextInt(4) == 0) {
                delete(kept);
                Files.createDirectory(kept);
                Files.copy(files.get(0).path(), kept.resolve(files.get(0).path().getFileName()));
            }
        }

        /** As a node starts: the newest snapshot that can be used, or the whole journal. */
        private Start start(final ChronicleJournal journal) throws IOException {
            JournalBootstrap.incarnation(journal, INCARNATION, nowMs, TimeUnit.MINUTES.toNanos(1));
            final SnapshotFolder snapshots = new SnapshotFolder(data);
            final List<SnapshotFile> bad = new ArrayList<>();
            for (final SnapshotFile file : snapshots.newestFirst()) {
                final Arbiter arbiter = arbiter();
                try {
                    final RecoveredState recovered = recover(file, journal, arbiter, arbiter.restore());
                    snapshots.refuse(bad);
                    return new Start(arbiter, recovered);
                } catch (final SnapshotException ex) {
                    arbiter.close();
                    bad.add(file);
                }
            }
            final Arbiter arbiter = arbiter();
            final Start start =
                    new Start(arbiter, JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE));
            if (!bad.isEmpty()) {
                snapshots.refuse(bad);
            }
            return start;
        }

        private Arbiter arbiter() {
            return new Arbiter(new ArbiterContext()
                    .incarnation(INCARNATION.high(), INCARNATION.low())
                    .hashSeed(random.nextLong(), random.nextLong())
                    .arenaBytesMax(256L << 20)
                    .conclude());
        }
    }

    private record Start(Arbiter arbiter, RecoveredState recovered) implements AutoCloseable {
        @Override
        public void close() {
            arbiter.close();
        }
    }

    private static RecoveredState recover(
            final SnapshotFile file,
            final ChronicleJournal journal,
            final Arbiter arbiter,
            final StateRestore restore) {
        file.read(restore::onBlock);
        try (var reader = journal.openReader()) {
            return Replay.fromSnapshot(INCARNATION, arbiter, restore)
                    .runFromSnapshot(reader, journal.writtenPosition(), ReplayProgress.NONE);
        }
    }

    private static ChronicleJournal open(final Path dataFolder) {
        return ChronicleJournal.open(new JournalContext()
                .dataFolder(dataFolder)
                .fileBytes(1 << 20)
                .recordBytesMax(64 << 10)
                .inFlightBytesMax(128 << 10)
                .softFreeBytes(0)
                .hardFreeBytes(0)
                .reserveBytes(0)
                .conclude());
    }

    private static String state(final Arbiter arbiter) {
        final StringBuilder text = new StringBuilder("epoch=" + arbiter.epoch());
        for (int id = 1; id <= arbiter.databaseCount(); id++) {
            final DatabaseView view = arbiter.database(id);
            text.append("%n%s %s %s drift=%d sequence=%d cells=%d rows=%d tombstones=%d migrations=%d %x-%x %x-%x"
                    .formatted(
                            view.name(),
                            view.rowPolicy(),
                            view.keyForm(),
                            view.maxDriftMs(),
                            view.sequence(),
                            view.cells(),
                            view.rows(),
                            view.tombstones(),
                            view.migrations(),
                            view.liveDigestHigh(),
                            view.liveDigestLow(),
                            view.secondDigestHigh(),
                            view.secondDigestLow()));
        }
        return text.toString();
    }

    private static String text(final RecoveredState state) {
        final byte[] sha256 = new byte[SealDigest.LENGTH];
        final long unsealed = state.sealDigest().records();
        state.sealDigest().finish(sha256);
        return state.lastPosition() + " " + state.lastHash() + " " + state.epoch() + " " + state.lastStampedTimeMs()
                + " " + state.sealedThrough() + " " + unsealed + " "
                + HexFormat.of().formatHex(sha256);
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (final Path path : all.toList()) {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    copyFile(path, target);
                }
            }
        }
    }

    private static void copyFile(final Path from, final Path to) throws IOException {
        try {
            if (Files.notExists(to)) {
                Files.copy(from, to);
            }
        } catch (final NoSuchFileException ex) {
            // A journal that is open renames its temporary files meanwhile; nothing else may vanish.
            assertTrue(from.toString().endsWith(".tmp"), ex.toString());
        }
    }

    private static void delete(final Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (final Path path :
                    all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
