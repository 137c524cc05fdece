package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.StatePageDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatePagerTest {
    private static final String SITE = "000000000000000000000000000000aa";

    private final ArbiterDriver driver = ArbiterDriver.withSeed(1);
    private final int database = driver.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldAnswerAnEmptyDatabaseWithOneLastPage() {
        final ArbiterDriver.Scan scan = driver.scan(database, 1_000);
        assertEquals(1, scan.pages());
        assertTrue(scan.cells().isEmpty());
    }

    @Test
    void shouldTellTheSameStateInPagesOfAnySize() {
        fill(300, 7, 12);
        final ArbiterDriver.Scan whole = driver.scan(database, 1 << 20);
        assertEquals(2_100, whole.cells().size());
        assertEquals(12, whole.migrations().size());
        assertEquals(1, whole.pages());
        for (final int bytes : new int[] {0, 1, 100, 500, 5_000, 33_333}) {
            final ArbiterDriver.Scan paged = driver.scan(database, bytes);
            assertEquals(whole.cells(), paged.cells(), "pageBytesMax=" + bytes);
            assertEquals(whole.migrations(), paged.migrations(), "pageBytesMax=" + bytes);
        }
    }

    @Test
    void shouldKeepPagesWithinWhatWasAskedFor() {
        fill(200, 5, 5);
        long row = 0;
        boolean last = false;
        while (!last) {
            final StatePageDecoder page = driver.page(database, row, 700);
            assertTrue(driver.answerLength() <= 700, "answerLength=" + driver.answerLength());
            row = page.nextRow();
            last = page.flags().last();
        }
    }

    @Test
    void shouldTellAValueInPartsThatNoPageHasRoomFor() {
        try (ArbiterDriver narrow = new ArbiterDriver(new ArbiterContext()
                .incarnation(11, 22)
                .hashSeed(1, 2)
                .answerBytesMax(80_000)
                .conclude())) {
            final int database1 = narrow.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final String text = "abcdefg".repeat(50_000);
            final ModelSet set = new ModelSet(
                    SITE,
                    ModelSets.START_MS,
                    0,
                    List.of(),
                    List.of(
                            new ModelSet.Change(0, "m", "t", key(1), "a", ModelValue.text("x")),
                            new ModelSet.Change(1, "m", "t", key(1), "b", ModelValue.text(text)),
                            new ModelSet.Change(2, "m", "t", key(1), "c", ModelValue.text(text + "z")),
                            new ModelSet.Change(3, "m", "t", key(2), "a", ModelValue.text("y"))));
            narrow.submitLarge(database1, set, ModelSets.START_MS, true, false, 32_768, () -> {});
            for (final int bytes : new int[] {10, 50_000, 80_000}) {
                final ArbiterDriver.Scan scan = narrow.scan(database1, bytes);
                assertEquals(4, scan.cells().size());
                assertTrue(scan.pages() > 8, "pages=" + scan.pages());
            }
        }
    }

    @Test
    void shouldGoOnBehindALongValueThatWasDeletedMeanwhile() {
        try (ArbiterDriver narrow = new ArbiterDriver(new ArbiterContext()
                .incarnation(11, 22)
                .hashSeed(1, 2)
                .answerBytesMax(80_000)
                .conclude())) {
            final int database1 = narrow.create("a", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final ModelSet set = new ModelSet(
                    SITE,
                    ModelSets.START_MS,
                    0,
                    List.of(),
                    List.of(
                            new ModelSet.Change(0, "m", "t", key(1), "a", ModelValue.text("abcdefg".repeat(50_000))),
                            new ModelSet.Change(1, "m", "t", key(2), "a", ModelValue.text("x")),
                            new ModelSet.Change(2, "m", "t", key(3), "a", ModelValue.text("y"))));
            narrow.submitLarge(database1, set, ModelSets.START_MS, true, false, 32_768, () -> {});
            final ModelSet delete = new ModelSet(
                    SITE,
                    ModelSets.START_MS + 1,
                    0,
                    List.of(),
                    List.of(new ModelSet.Change(0, "m", "t", key(1), null, null)));
            final TreeMap<String, String> seen = new TreeMap<>();
            StatePageDecoder page = narrow.page(database1, 0, 80_000);
            while (!page.flags().last()) {
                final long from = page.nextRow();
                ArbiterDriver.addCells(page, new TreeMap<>());
                ArbiterDriver.addMigrations(page, new TreeMap<>());
                final byte[] within = new byte[page.withinLength()];
                page.getWithin(within, 0, within.length);
                narrow.submit(database1, delete, ModelSets.START_MS + 1);
                page = narrow.page(database1, from, within, 80_000);
                ArbiterDriver.addCells(page, seen);
            }
            for (int row = 2; row <= 3; row++) {
                final String name =
                        ArbiterDriver.cellName("m", "t", key(row).get(0).encoded(), "a");
                assertTrue(seen.containsKey(name), "row=" + row);
            }
        }
    }

    @Test
    void shouldTakeALargeValueAlone() {
        submit(0, new ModelSet.Change(0, "m", "t", key(1), "a", ModelValue.text("x".repeat(1_000_000))));
        submit(1, new ModelSet.Change(0, "m", "t", key(1), "b", ModelValue.text("y".repeat(1_000_000))));
        final ArbiterDriver.Scan scan = driver.scan(database, 10);
        assertEquals(2, scan.cells().size());
        assertEquals(2, scan.pages());
    }

    @Test
    void shouldGoOnAfterChangesWithoutLosingWhatStays() {
        fill(100, 3, 0);
        final TreeMap<String, String> seen = new TreeMap<>();
        final StatePageDecoder first = driver.page(database, 0, 3_000);
        long row = first.nextRow();
        ArbiterDriver.addCells(first, seen);
        // New columns in front of and behind those read, rows deleted and pruned, their numbers given to others.
        for (int i = 0; i < 100; i += 2) {
            submit(10_000 + i, new ModelSet.Change(0, "m", "t", key(i), null, null));
        }
        driver.prune(database, ModelSets.START_MS + 50_000, 0);
        for (int i = 1; i < 100; i += 2) {
            submit(20_000 + i, new ModelSet.Change(0, "m", "t", key(i), "new", ModelValue.of(1)));
            submit(30_000 + i, new ModelSet.Change(0, "m", "t", key(1_000 + i), "c0", ModelValue.of(1)));
        }
        boolean last = false;
        while (!last) {
            final StatePageDecoder page = driver.page(database, row, 3_000);
            row = page.nextRow();
            last = page.flags().last();
            ArbiterDriver.addCells(page, seen);
        }
        for (int i = 1; i < 100; i += 2) {
            for (int column = 0; column < 3; column++) {
                final String name =
                        ArbiterDriver.cellName("m", "t", key(i).get(0).encoded(), "c" + column);
                assertTrue(seen.containsKey(name), "row=" + i + " column=" + column);
            }
        }
    }

    @Test
    void shouldLookAtABoundedNumberOfEmptyRows() {
        final List<ModelSet.Change> deletes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            deletes.add(new ModelSet.Change(i, "m", "t", key(i), null, null));
        }
        submit(0, deletes.toArray(ModelSet.Change[]::new));
        submit(1, new ModelSet.Change(0, "m", "t", key(20_000), "a", ModelValue.of(1)));
        final ArbiterDriver.Scan scan = driver.scan(database, 1_000);
        assertEquals(2, scan.pages());
        assertEquals(1, scan.cells().size());
    }

    @Test
    void shouldAnswerAnyPlaceToGoOnFrom() {
        fill(20, 3, 3);
        final Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            final long row = random.nextLong() >> random.nextInt(64);
            driver.page(database, row, random.nextInt() >>> random.nextInt(32));
            driver.page(database, row & 0xFF_0000_0007L, 300);
        }
        assertTrue(driver.page(database, -1, 1_000).flags().last());
        assertTrue(driver.page(database, Long.MAX_VALUE, 1_000).flags().last());
    }

    private void fill(final int rows, final int columns, final int migrations) {
        for (int row = 0; row < rows; row++) {
            final ModelSet.Change[] changes = new ModelSet.Change[columns];
            for (int column = 0; column < columns; column++) {
                changes[column] = new ModelSet.Change(
                        column, "m", "t", key(row), "c" + column, ModelValue.text("v".repeat(row % 50)));
            }
            submit(row, changes);
        }
        for (int version = 0; version < migrations; version++) {
            final ModelSet.Migration migration =
                    new ModelSet.Migration(0, MigrationKind.ADD_COLUMN, "m", "t", "", version, "alter".repeat(version));
            driver.submit(
                    database,
                    new ModelSet(SITE, ModelSets.START_MS, 0, List.of(migration), List.of()),
                    ModelSets.START_MS + rows);
        }
    }

    private void submit(final long afterMs, final ModelSet.Change... changes) {
        driver.submit(
                database,
                new ModelSet(SITE, ModelSets.START_MS + afterMs, 0, List.of(), List.of(changes)),
                ModelSets.START_MS + afterMs);
    }

    private static List<ModelValue> key(final long row) {
        return List.of(ModelValue.of(row));
    }
}
