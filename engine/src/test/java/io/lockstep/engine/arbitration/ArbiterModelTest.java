package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.command.IngressCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random sequences, compared step by step to the reference; the seed is in every message. */
class ArbiterModelTest {
    private static final int SEEDS = 120;
    private static final int STEPS = 150;
    private static final long DRIFT_MS = 400;

    @Test
    void shouldDecideLikeTheReference() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    @Test
    void shouldEndInTheSameStateInEveryOrderWithoutPruning() {
        for (long seed = 1; seed <= 40; seed++) {
            final ModelSets sets = new ModelSets(seed);
            final List<ModelSet> given = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                given.add(sets.next(ModelSets.START_MS));
            }
            String expected = null;
            for (int order = 0; order < 4; order++) {
                try (ArbiterDriver driver = ArbiterDriver.withSeed(seed + order)) {
                    final int database = create(driver, seed, 0);
                    for (final ModelSet set : given) {
                        driver.submit(database, set, ModelSets.START_MS + 10_000);
                    }
                    final DatabaseView view = driver.arbiter().database(database);
                    final ArbiterDriver.Scan scan = driver.scan(database, 10_000);
                    final String state = scan.cells() + " " + scan.migrations() + " " + view.tombstones() + " "
                            + hex(view.liveDigestHigh(), view.liveDigestLow())
                            + hex(view.secondDigestHigh(), view.secondDigestLow());
                    assertEquals(expected == null ? state : expected, state, "seed=" + seed + " order=" + order);
                    expected = state;
                }
                Collections.shuffle(given, new Random(seed * 31 + order));
            }
        }
    }

    @Test
    void shouldLeaveNoTraceOfRefusedSets() {
        int refused = 0;
        for (long seed = 1; seed <= 30; seed++) {
            refused += runWithSmallLimits(seed);
        }
        assertTrue(refused > 100, "too few refusals to mean anything: refused=" + refused);
    }

    private static void run(final long seed) {
        final ModelSets sets = new ModelSets(seed);
        final Random random = sets.random();
        final ReferenceArbiter reference = new ReferenceArbiter(isDeleteWins(seed), isQuereus(seed), DRIFT_MS);
        try (ArbiterDriver driver = ArbiterDriver.withSeed(seed)) {
            final int database = create(driver, seed, DRIFT_MS);
            final DatabaseView view = driver.arbiter().database(database);
            long nowMs = ModelSets.START_MS;
            for (int step = 0; step < STEPS; step++) {
                final String where = "seed=" + seed + " step=" + step;
                nowMs += random.nextInt(20);
                if (random.nextInt(25) == 0) {
                    final long horizonMs = random.nextInt(200);
                    assertEquals(reference.prune(nowMs, horizonMs), driver.prune(database, nowMs, horizonMs), where);
                } else {
                    final ModelSet set = sets.next(nowMs);
                    final boolean authorised = random.nextInt(6) > 0;
                    final ArbiterDriver.Submitted submitted =
                            driver.submit(database, set, nowMs, authorised, random.nextBoolean());
                    compare(where, reference.submit(set, nowMs, authorised), submitted);
                }
                assertEquals(reference.sequence(), view.sequence(), where);
                assertEquals(reference.tombstones(), view.tombstones(), where);
                assertEquals(reference.rows(), view.rows(), where);
                assertEquals(reference.conflicts(), view.sameHlcConflicts(), where);
            }
            compareState("seed=" + seed, reference, driver, database);
            replay("seed=" + seed, driver, database);
        }
    }

    private static void compare(
            final String where, final ReferenceArbiter.Result expected, final ArbiterDriver.Submitted actual) {
        assertEquals(
                expected.status(),
                actual.status().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                where);
        assertEquals(expected.sequence(), actual.sequence(), where);
        assertEquals(ordinals(expected.changes()), actual.outcomes(), where);
        assertEquals(ordinals(expected.migrations()), actual.migrationOutcomes(), where);
        if (actual.status() == SubmitStatus.ACCEPTED) {
            assertEquals(expected.survivors(), ArbiterDriver.survivors(actual.record()), where);
        } else {
            assertNull(actual.record(), where);
        }
    }

    private static void compareState(
            final String where, final ReferenceArbiter reference, final ArbiterDriver driver, final int database) {
        final DatabaseView view = driver.arbiter().database(database);
        final ArbiterDriver.Scan scan = driver.scan(database, 1 + Math.floorMod(where.hashCode(), 3_000));
        assertEquals(reference.cells(), scan.cells(), where);
        assertEquals(reference.migrations(), scan.migrations(), where);
        assertEquals(reference.cells().size(), view.cells(), where);
        assertEquals(reference.migrations().size(), view.migrations(), where);
        assertEquals(LiveDigest.of(driver, database, 11, 22), hex(view.liveDigestHigh(), view.liveDigestLow()), where);
    }

    private static void replay(final String where, final ArbiterDriver driver, final int database) {
        try (ArbiterDriver other = ArbiterDriver.withSeed(where.hashCode())) {
            int number = 0;
            for (final byte[] record : driver.records()) {
                assertArrayEquals(record, other.replay(record), where + " record=" + number++);
            }
            final DatabaseView before = driver.arbiter().database(database);
            final DatabaseView after = other.arbiter().database(database);
            assertEquals(before.stateDigest(), after.stateDigest(), where);
            assertEquals(before.bytes(), after.bytes(), where);
            assertEquals(driver.scan(database, 500), other.scan(database, 500), where);
        }
    }

    private static int runWithSmallLimits(final long seed) {
        final ModelSets sets = new ModelSets(seed);
        final ReferenceArbiter reference = new ReferenceArbiter(isDeleteWins(seed), isQuereus(seed), 60_000);
        final ArbiterContext context = new ArbiterContext()
                .incarnation(11, 22)
                .hashSeed(seed, 5)
                .columnsPerRowMax(4)
                .databaseBytesMax(8_000)
                .recordBytesMax(17_000 + 600)
                .conclude();
        int refused = 0;
        try (ArbiterDriver driver = new ArbiterDriver(context)) {
            final int database = create(driver, seed, 0);
            final DatabaseView view = driver.arbiter().database(database);
            for (int step = 0; step < STEPS; step++) {
                final long nowMs = ModelSets.START_MS + step * 10L;
                final ModelSet set = sets.next(nowMs);
                final String before = state(view);
                final ArbiterDriver.Submitted submitted = driver.submit(database, set, nowMs);
                final String where = "seed=" + seed + " step=" + step;
                if (submitted.status() == SubmitStatus.REFUSED) {
                    refused++;
                    assertEquals(before, state(view), where);
                    assertTrue(submitted.actualValue() > submitted.limitValue(), where);
                } else {
                    compare(where, reference.submit(set, nowMs, true), submitted);
                }
            }
            compareState("seed=" + seed, reference, driver, database);
            replay("seed=" + seed, driver, database);
        }
        return refused;
    }

    private static String state(final DatabaseView view) {
        return view.stateDigest() + " " + view.bytes() + " " + view.cells() + " " + view.rows() + " "
                + view.tombstones() + " " + view.sequence();
    }

    private static int create(final ArbiterDriver driver, final long seed, final long maxDriftMs) {
        return driver.open(
                "model",
                isDeleteWins(seed) ? RowPolicy.DELETE_WINS : RowPolicy.LAST_WRITER_WINS,
                isQuereus(seed) ? KeyForm.QUEREUS : KeyForm.TYPED,
                maxDriftMs,
                true,
                IngressCommand.FLAG_MAY_CREATE);
    }

    private static boolean isDeleteWins(final long seed) {
        return (seed & 1) == 0;
    }

    private static boolean isQuereus(final long seed) {
        return (seed & 2) == 0;
    }

    private static List<Integer> ordinals(final List<ReferenceArbiter.Verdict> verdicts) {
        return verdicts.stream().map(Enum::ordinal).toList();
    }

    private static String hex(final long high, final long low) {
        return String.format(Locale.ROOT, "%016x%016x", high, low);
    }
}
