package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.record.LargeSetAssembly;
import io.lockstep.engine.record.RecordView;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Large change sets must be decided as small ones are, wherever slices and parts end and whatever comes between them. */
class LargeSetTest {
    private static final long NOW_MS = ModelSets.START_MS;

    @Test
    void shouldDecideLikeASmallSetWhateverTheSlices() {
        for (long seed = 1; seed <= 60; seed++) {
            compare(seed, 1 + (int) (seed % 9), new ModelSets(seed), 200);
        }
    }

    @Test
    void shouldDecideLongValuesLikeASmallSetWhateverTheSlices() {
        for (long seed = 1; seed <= 10; seed++) {
            compare(seed, 1 + (int) (seed % 9), ModelSets.withLongValues(seed), 40_000);
        }
    }

    private static void compare(final long seed, final int sliceEntries, final ModelSets sets, final int partBytesMax) {
        final Random random = sets.random();
        final RowPolicy policy = seed % 2 == 0 ? RowPolicy.DELETE_WINS : RowPolicy.LAST_WRITER_WINS;
        try (ArbiterDriver small = ArbiterDriver.withSeed(seed);
                ArbiterDriver large = new ArbiterDriver(context(seed).conclude(), sliceEntries)) {
            final int database = small.create("a", policy, KeyForm.TYPED);
            large.create("a", policy, KeyForm.TYPED);
            final int other = large.create("b", policy, KeyForm.TYPED);
            large.requestsLike(small);
            long nowMs = NOW_MS;
            for (int i = 0; i < 80; i++) {
                final String where = "seed=" + seed + " set=" + i;
                final ModelSet set = sets.next(nowMs);
                final boolean authorised = random.nextInt(6) > 0;
                final boolean winners = random.nextBoolean();
                final ArbiterDriver.Submitted expected = small.submit(database, set, nowMs, authorised, winners);
                final ArbiterDriver.Submitted actual = large.submitLarge(
                        database, set, nowMs, authorised, winners, 1 + random.nextInt(partBytesMax), () -> {});
                assertEquals(text(expected), text(actual), where);
                nowMs += random.nextInt(20) + 10;
                if (random.nextInt(10) == 0) {
                    assertEquals(small.prune(database, nowMs, 50), large.prune(database, nowMs, 50), where);
                }
                large.submit(other, sets.next(nowMs), nowMs);
                large.requestsLike(small);
                assertEquals(state(small, database), state(large, database), where);
            }
            assertEquals(whole(small, database), whole(large, database), "seed=" + seed);
        }
    }

    private static ArbiterContext context(final long seed) {
        return new ArbiterContext().incarnation(11, 22).hashSeed(seed, ~seed);
    }

    private static String text(final ArbiterDriver.Submitted submitted) {
        return submitted.status() + " " + submitted.reason() + " " + submitted.sequence() + " "
                + submitted.databaseSequence() + " " + submitted.migrationOutcomes() + " " + submitted.outcomes() + " "
                + submitted.winners();
    }

    private static String state(final ArbiterDriver driver, final int database) {
        final DatabaseView view = driver.arbiter().database(database);
        return view.sequence() + " " + view.stateDigest() + " " + view.tombstones() + " " + view.rows() + " "
                + view.bytes() + " " + view.sameHlcConflicts();
    }

    /** The records of a database as they would be if all sets were small. */
    private static List<String> whole(final ArbiterDriver driver, final int database) {
        final List<String> records = new ArrayList<>();
        final RecordView view = new RecordView();
        try (LargeSetAssembly assembly = new LargeSetAssembly()) {
            for (final byte[] record : driver.records()) {
                view.wrap(new UnsafeBuffer(record), 0, record.length);
                if (view.databaseId() != database) {
                    continue;
                }
                if (view.kind() == RecordKind.SET_PART) {
                    assertTrue(assembly.onPart(view));
                    continue;
                }
                if (view.kind() == RecordKind.LARGE_CHANGE_SET) {
                    assertTrue(assembly.onLargeSet(view));
                    view.wrap(assembly.buffer(), 0, assembly.length());
                }
                final byte[] bytes = new byte[view.length()];
                view.buffer().getBytes(view.offset(), bytes);
                records.add(HexFormat.of().formatHex(bytes));
            }
        }
        return records;
    }

    @Test
    void shouldKeepItsDatabaseFromOtherCommandsAndNoOther() {
        try (ArbiterDriver driver = new ArbiterDriver(context(3).conclude(), 1)) {
            final int database = driver.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final int other = driver.create("b", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final ModelSets sets = new ModelSets(3);
            final List<ErrorCode> refused = new ArrayList<>();
            final List<SubmitStatus> others = new ArrayList<>();
            driver.submitLarge(database, large(sets), NOW_MS, true, true, 100, () -> {
                assertTrue(driver.arbiter().isBusyWithLargeSet());
                assertNull(driver.submit(database, sets.next(NOW_MS), NOW_MS));
                refused.add(driver.lastError());
                others.add(driver.submit(other, sets.next(NOW_MS), NOW_MS).status());
            });
            assertFalse(driver.arbiter().isBusyWithLargeSet());
            assertTrue(refused.size() > 10, "too few to mean anything: " + refused.size());
            assertTrue(refused.stream().allMatch(ErrorCode.BUSY::equals));
            assertTrue(others.contains(SubmitStatus.ACCEPTED));
        }
    }

    private static ModelSet large(final ModelSets sets) {
        ModelSet set = sets.next(NOW_MS);
        while (set.changes().size() < 20) {
            set = sets.next(NOW_MS);
        }
        return set;
    }

    @Test
    void shouldRefuseLikeASmallSetWithSmallLimits() {
        int refused = 0;
        for (long seed = 1; seed <= 30; seed++) {
            final ModelSets sets = new ModelSets(seed);
            try (ArbiterDriver small = new ArbiterDriver(limited(seed).conclude());
                    ArbiterDriver large = new ArbiterDriver(limited(seed).conclude(), 3)) {
                final int database = small.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
                large.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
                for (int i = 0; i < 60; i++) {
                    final ModelSet set = sets.next(NOW_MS);
                    final ArbiterDriver.Submitted expected = small.submit(database, set, NOW_MS);
                    final ArbiterDriver.Submitted actual =
                            large.submitLarge(database, set, NOW_MS, true, false, 500, () -> {});
                    assertEquals(text(expected), text(actual), "seed=" + seed + " set=" + i);
                    assertEquals(expected.limitValue(), actual.limitValue());
                    refused += expected.status() == SubmitStatus.REFUSED ? 1 : 0;
                }
            }
        }
        assertTrue(refused > 100, "too few refusals to mean anything: refused=" + refused);
    }

    private static ArbiterContext limited(final long seed) {
        return context(seed).columnsPerRowMax(4).databaseBytesMax(8_000);
    }

    @Test
    void shouldNotPutPartsTogetherThatDoNotFollow() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(5);
                LargeSetAssembly assembly = new LargeSetAssembly()) {
            final int database = driver.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            driver.submitLarge(database, large(new ModelSets(5)), NOW_MS, true, false, 64, () -> {});
            final List<byte[]> records = driver.records();
            final int last = records.size() - 1;
            final RecordView view = new RecordView();
            view.wrap(new UnsafeBuffer(records.get(2)), 0, records.get(2).length);
            assertFalse(assembly.onPart(view), "a part before the first");
            for (int i = 1; i < last - 1; i++) {
                view.wrap(new UnsafeBuffer(records.get(i)), 0, records.get(i).length);
                assertTrue(assembly.onPart(view));
            }
            view.wrap(new UnsafeBuffer(records.get(last)), 0, records.get(last).length);
            assertFalse(assembly.onLargeSet(view), "the last part is missing");
            view.wrap(new UnsafeBuffer(records.get(last - 1)), 0, records.get(last - 1).length);
            assertTrue(assembly.onPart(view));
            view.wrap(new UnsafeBuffer(records.get(last)), 0, records.get(last).length);
            assertTrue(assembly.onLargeSet(view));
            view.wrap(assembly.buffer(), 0, assembly.length());
            assertEquals(RecordKind.CHANGE_SET, view.kind());
        }
    }
}
