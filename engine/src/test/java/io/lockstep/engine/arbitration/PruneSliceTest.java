package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneCommandDecoder;
import io.lockstep.codec.RowPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A prune with much to do is done in pieces, each of which is a prune with a longer horizon. */
class PruneSliceTest {
    private static final long NOW_MS = ModelSets.START_MS;
    private static final String SITE = "0".repeat(31) + "1";
    private static final int AT_ONCE = 10;

    private final ArbiterDriver driver = new ArbiterDriver(
            new ArbiterContext().incarnation(1, 2).prunedAtOnceMax(AT_ONCE).conclude());
    private int database;

    @BeforeEach
    void create() {
        database = driver.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldRemoveNoMoreThanALimitAtOnce() {
        for (int i = 0; i < 35; i++) {
            delete(database, i, 1, NOW_MS + i);
        }
        final List<Long> pruned = new ArrayList<>();
        for (long count = prune(5); count > 0; count = prune(5)) {
            pruned.add(count);
        }
        assertEquals(List.of(10L, 10L, 10L, 5L), pruned);
        assertEquals(0, view(database).tombstones());
    }

    @Test
    void shouldRemoveTheOldestFirst() {
        for (int i = 0; i < 15; i++) {
            delete(database, i, 1, NOW_MS + i);
        }
        prune(5);
        assertEquals(1_000 - 10, horizonOfLastRecord(), "as if the horizon reached to the eleventh");
    }

    @Test
    void shouldNotDivideWhatWasSetInOneMillisecond() {
        delete(database, 0, 25, NOW_MS);
        delete(database, 25, 3, NOW_MS + 1);
        assertEquals(25, prune(5));
        assertEquals(3, prune(5));
        delete(database, 50, 7, NOW_MS + 2);
        delete(database, 57, 7, NOW_MS + 3);
        assertEquals(7, prune(5));
    }

    @Test
    void shouldEndAsOnePruneWould() {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        final Random random = new Random(seed);
        try (ArbiterDriver whole =
                new ArbiterDriver(new ArbiterContext().incarnation(1, 2).conclude())) {
            final int other = whole.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            long nowMs = NOW_MS;
            for (int i = 0; i < 60; i++) {
                nowMs += random.nextInt(3);
                final ModelSet set = deletes(random.nextInt(100), 1 + random.nextInt(4), NOW_MS - random.nextInt(500));
                driver.submit(database, set, nowMs);
                whole.submit(other, set, nowMs);
            }
            final long horizonMs = random.nextInt(60);
            long pruned = 0;
            for (long count = 1; count > 0; pruned += count) {
                count = driver.prune(database, nowMs + 1, horizonMs);
            }
            assertEquals(whole.prune(other, nowMs + 1, horizonMs), pruned, "seed=" + seed);
            final DatabaseView sliced = view(database);
            final DatabaseView expected = whole.arbiter().database(other);
            // The second digest covers tombstones and the prune mark.
            assertEquals(expected.secondDigestLow(), sliced.secondDigestLow(), "seed=" + seed);
            assertEquals(expected.secondDigestHigh(), sliced.secondDigestHigh(), "seed=" + seed);
            assertEquals(expected.rows(), sliced.rows(), "seed=" + seed);
        }
    }

    @Test
    void shouldComeOutTheSameInReplayWhateverTheLimitThere() {
        for (int i = 0; i < 35; i++) {
            delete(database, i, 1, NOW_MS + i);
        }
        assertEquals(10, prune(5));
        assertEquals(10, prune(5));
        try (ArbiterDriver replay = new ArbiterDriver(
                new ArbiterContext().incarnation(1, 2).prunedAtOnceMax(1).conclude())) {
            driver.records().forEach(record -> assertArrayEquals(record, replay.replay(record)));
            final DatabaseView replayed = replay.arbiter().database(database);
            assertEquals(15, replayed.tombstones());
            assertEquals(view(database).secondDigestLow(), replayed.secondDigestLow());
        }
    }

    private void delete(final int of, final int first, final int count, final long nowMs) {
        driver.submit(of, deletes(first, count, nowMs), nowMs);
    }

    private static ModelSet deletes(final int first, final int count, final long wall) {
        final List<ModelSet.Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(new ModelSet.Change(i, "main", "t", List.of(ModelValue.of(first + i)), null, null));
        }
        return new ModelSet(SITE, wall, first, List.of(), changes);
    }

    private long prune(final long horizonMs) {
        return driver.prune(database, NOW_MS + 1_000, horizonMs);
    }

    private DatabaseView view(final int of) {
        return driver.arbiter().database(of);
    }

    private long horizonOfLastRecord() {
        final JournalRecordDecoder record = new JournalRecordDecoder();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        record.wrapAndApplyHeader(
                new UnsafeBuffer(driver.records().get(driver.records().size() - 1)), 0, header);
        for (final JournalRecordDecoder.SurvivorsDecoder survivor : record.survivors()) {
            survivor.skipColumnName();
        }
        final byte[] command = new byte[record.commandLength()];
        record.getCommand(command, 0, command.length);
        return new PruneCommandDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(command), 0, header)
                .horizonMs();
    }
}
