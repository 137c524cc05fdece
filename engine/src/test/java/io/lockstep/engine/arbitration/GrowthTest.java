package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A database that grows from nothing. */
class GrowthTest {
    private static final int ROWS = 1_000_000;
    private static final int ROWS_PER_SET = 4_000;

    @Test
    void shouldStartSmall() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(1)) {
            final int database = driver.create("small", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            driver.submit(database, rows(0, 1), ModelSets.START_MS);
            final long bytes = driver.arbiter().database(database).bytes();
            assertTrue(bytes <= 4_096, "bytes=" + bytes);
        }
    }

    @Test
    void shouldGrowToAMillionRowsBySteadySteps() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(2)) {
            final int database = driver.create("large", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final DatabaseView view = driver.arbiter().database(database);
            long largestStep = 0;
            for (int row = 0; row < ROWS; row += ROWS_PER_SET) {
                final long before = view.bytes();
                assertEquals(
                        SubmitStatus.ACCEPTED,
                        driver.submit(database, rows(row, ROWS_PER_SET), ModelSets.START_MS + row)
                                .status());
                driver.records().clear();
                largestStep = Math.max(largestStep, view.bytes() - before);
            }
            assertEquals(ROWS, view.rows());
            assertEquals(ROWS, view.cells());
            // No table ever grows by more than a few segments at once: nothing is copied, nothing large is zeroed.
            assertTrue(largestStep < ROWS_PER_SET * 160L + (1 << 20), "largestStep=" + largestStep);
            // Every row is still found: the same writes again are all duplicates.
            final ArbiterDriver.Submitted again = driver.submit(database, rows(40_000, 1_000), ModelSets.START_MS * 2);
            assertEquals(SubmitStatus.NO_EFFECT, again.status());
        }
    }

    @Test
    void shouldGiveRowsBackWhenTheirTombstonesArePruned() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(3)) {
            final int database = driver.create("pruned", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final DatabaseView view = driver.arbiter().database(database);
            final long first = roundTrip(driver, database, 0);
            for (int round = 1; round < 20; round++) {
                // Tables keep the segments that they once had; rows, cells and tombstones all come back.
                assertEquals(first, roundTrip(driver, database, round), "round=" + round);
                assertEquals(0, view.rows());
                assertEquals(0, view.cells());
            }
        }
    }

    /** Makes rows, deletes and prunes them; the bytes after it. */
    private static long roundTrip(final ArbiterDriver driver, final int database, final int round) {
        final long nowMs = ModelSets.START_MS + round * 1_000_000L;
        final List<ModelSet.Change> writes = new ArrayList<>();
        final List<ModelSet.Change> deletes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            final List<ModelValue> key = List.of(ModelValue.of(round * 2_000L + i));
            writes.add(new ModelSet.Change(i, "main", "t", key, "c", ModelValue.text("value")));
            deletes.add(new ModelSet.Change(i, "main", "t", key, null, null));
        }
        final String site = "0".repeat(31) + "1";
        driver.submit(database, new ModelSet(site, nowMs, 0, List.of(), writes), nowMs);
        driver.submit(database, new ModelSet(site, nowMs + 1, 0, List.of(), deletes), nowMs + 1);
        assertEquals(2_000, driver.prune(database, nowMs + 10, 5));
        return driver.arbiter().database(database).bytes();
    }

    private static ModelSet rows(final int first, final int count) {
        final List<ModelSet.Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(new ModelSet.Change(
                    i, "main", "t", List.of(ModelValue.of(first + i)), "c", ModelValue.text("value")));
        }
        return new ModelSet("0".repeat(31) + "1", ModelSets.START_MS + first, 0, List.of(), changes);
    }
}
