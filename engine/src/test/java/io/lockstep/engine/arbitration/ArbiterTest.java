package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.WinnerKind;
import io.lockstep.engine.arbitration.ReferenceArbiter.Verdict;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.RecordDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArbiterTest {
    private static final String SITE = "000000000000000000000000000000aa";
    private static final long NOW_MS = ModelSets.START_MS;
    private static final int MAY_CREATE = IngressCommand.FLAG_MAY_CREATE;

    private final ArbiterDriver driver = ArbiterDriver.withSeed(1);

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldMakeADatabaseOnlyWhenAskedToAndAllowed() {
        assertEquals(0, open("db", 0, false, MAY_CREATE));
        assertEquals(ErrorCode.UNKNOWN_DATABASE, driver.lastError());
        assertEquals(0, open("db", 0, true, 0));
        assertEquals(ErrorCode.NOT_PERMITTED, driver.lastError());
        assertTrue(driver.records().isEmpty());
        assertEquals(1, open("db", 0, true, MAY_CREATE));
        assertEquals(1, driver.records().size());
        assertEquals(RecordKind.CREATE_DATABASE, record().kind());
        assertEquals(1, open("db", 0, false, 0));
        assertEquals(2, open("db2", 0, true, MAY_CREATE));
        assertEquals(2, driver.records().size());
        assertEquals("db2", driver.arbiter().database("db2").name());
        assertNull(driver.arbiter().database("db3"));
        assertNull(driver.arbiter().database(3));
        assertNull(driver.arbiter().database(0));
    }

    @Test
    void shouldListItsDatabasesPageByPage() {
        assertEquals(List.of(), driver.databases());
        final List<String> made = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            made.add("database-" + i);
            assertEquals(i + 1, open(made.get(i), 0, true, MAY_CREATE));
        }
        assertEquals(made, driver.databases());
    }

    @Test
    void shouldNameBothSettingsWhenADatabaseDiffers() {
        open("db", 5_000, true, MAY_CREATE);
        assertEquals(1, open("db", 0, true, MAY_CREATE), "0 asks for nothing");
        assertEquals(0, open("db", 6_000, true, MAY_CREATE));
        assertEquals(ErrorCode.DATABASE_DIFFERS, driver.lastError());
        assertTrue(driver.lastErrorText().contains("maxDriftMs=5000"), driver.lastErrorText());
        assertTrue(driver.lastErrorText().contains("maxDriftMs=6000"), driver.lastErrorText());
        driver.open("db", RowPolicy.DELETE_WINS, KeyForm.TYPED, 0, true, MAY_CREATE);
        assertEquals(ErrorCode.DATABASE_DIFFERS, driver.lastError());
        assertEquals(
                "database db has row policy last-writer-wins, key form typed; asked for row policy delete-wins,"
                        + " key form typed",
                driver.lastErrorText());
        driver.open("db", RowPolicy.LAST_WRITER_WINS, KeyForm.QUEREUS, 0, true, MAY_CREATE);
        assertEquals(ErrorCode.DATABASE_DIFFERS, driver.lastError());
    }

    @Test
    void shouldRefuseNamesOutsideTheirRules() {
        for (final String name : List.of("", "a b", "ä", "a/b", "x".repeat(129), "a\n")) {
            assertEquals(0, open(name, 0, true, MAY_CREATE), name);
            assertEquals(ErrorCode.INVALID_NAME, driver.lastError(), name);
        }
        assertEquals(1, open("A-Za.z0_9:" + "x".repeat(118), 0, true, MAY_CREATE));
    }

    @Test
    void shouldLimitTheNumberOfDatabases() {
        try (ArbiterDriver few = new ArbiterDriver(
                new ArbiterContext().incarnation(1, 2).databasesMax(1).conclude())) {
            few.create("one", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            few.create("two", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            assertEquals(ErrorCode.QUOTA_EXCEEDED, few.lastError());
        }
    }

    @Test
    void shouldRefuseCommandsForNoDatabase() {
        assertNull(driver.submit(1, set(0, write(0, 1, "a", 1)), NOW_MS));
        assertEquals(ErrorCode.UNKNOWN_DATABASE, driver.lastError());
        assertEquals(-1, driver.prune(-1, NOW_MS, 0));
        assertEquals(ErrorCode.UNKNOWN_DATABASE, driver.lastError());
        assertNull(driver.page(Integer.MAX_VALUE, 0, 100));
        assertEquals(ErrorCode.UNKNOWN_DATABASE, driver.lastError());
    }

    @Test
    void shouldWriteAWholeUnsealedRecord() {
        driver.epoch(3);
        final int database = create();
        driver.submit(database, set(0, write(0, 1, "a", 1)), NOW_MS);
        final JournalRecordDecoder record = record();
        final byte[] bytes = driver.records().get(driver.records().size() - 1);
        assertEquals(RecordDescriptor.MAGIC, record.magic());
        assertEquals(bytes.length, record.length());
        assertEquals(Arbiter.RULES_VERSION, record.rulesVersion());
        assertEquals(RecordKind.CHANGE_SET, record.kind());
        assertTrue(record.flags().siteAuthorised());
        assertEquals(3, record.epoch());
        assertEquals(NOW_MS, record.stampedTimeMs());
        assertEquals(database, record.databaseId());
        assertEquals(9, record.principalId());
        assertEquals(7, record.sessionId());
        assertEquals(1, record.sequence());
        assertEquals(driver.arbiter().database(database).stateDigest(), record.stateDigest());
        assertEquals(
                0, record.position() | record.durablePosition() | record.crc() | record.hash() | record.previousHash());
        assertEquals(NOW_MS, driver.arbiter().lastStampedTimeMs());
    }

    @Test
    void shouldRaiseTheEpochAndNeverLowerIt() {
        driver.epoch(5);
        assertEquals(5, driver.arbiter().epoch());
        assertEquals(RecordKind.EPOCH, record().kind());
        assertEquals(5, record().epoch());
        assertThrows(IllegalStateException.class, () -> driver.epoch(5));
    }

    @Test
    void shouldFindOutInvalidBeforeDrift() {
        final int database = create();
        final ModelSet late = set(100_000, write(1, 1, "a", 1), write(1, 2, "a", 1));
        final ArbiterDriver.Submitted twice = driver.submit(database, late, NOW_MS);
        assertEquals(SubmitStatus.INVALID, twice.status());
        assertEquals(1, twice.limitValue(), "the opSeq before");
        assertEquals(1, twice.actualValue());
        final ArbiterDriver.Submitted drifted = driver.submit(database, set(60_001, write(1, 1, "a", 1)), NOW_MS);
        assertEquals(SubmitStatus.REJECTED_DRIFT, drifted.status());
        assertEquals(60_000, drifted.limitValue());
        assertEquals(60_001, drifted.actualValue());
        assertEquals(
                SubmitStatus.ACCEPTED,
                driver.submit(database, set(60_000, write(1, 1, "a", 1)), NOW_MS)
                        .status());
    }

    @Test
    void shouldRefuseAnOpSeqThatIsInBothGroups() {
        final int database = create();
        final ModelSet.Migration migration =
                new ModelSet.Migration(4, io.lockstep.codec.MigrationKind.CREATE_TABLE, "main", "t", "", 1, "create");
        for (int opSeq = 2; opSeq < 7; opSeq++) {
            final ModelSet both = new ModelSet(
                    SITE, NOW_MS, opSeq, List.of(migration), List.of(write(1, 1, "a", 1), write(opSeq, 1, "b", 1)));
            assertEquals(
                    opSeq == 4 ? SubmitStatus.INVALID : SubmitStatus.ACCEPTED,
                    driver.submit(database, both, NOW_MS).status(),
                    "opSeq=" + opSeq);
        }
    }

    @Test
    void shouldRefuseOpSeqsThatDoNotAscendUnsigned() {
        final int database = create();
        assertEquals(
                SubmitStatus.ACCEPTED,
                driver.submit(database, set(0, write(1, 1, "a", 1), write(0xFFFF_FFFFL, 1, "b", 1)), NOW_MS)
                        .status());
        assertEquals(
                SubmitStatus.INVALID,
                driver.submit(database, set(1, write(0x8000_0000L, 1, "a", 1), write(1, 1, "b", 1)), NOW_MS)
                        .status());
    }

    @Test
    void shouldSkipWhatTheSessionMayNotWriteAndJudgeTheRest() {
        final int database = create();
        driver.submit(database, set(10, write(0, 1, "a", 1)), NOW_MS);
        final ArbiterDriver.Submitted foreign = driver.submit(
                database,
                set(10, write(0, 1, "a", 1), write(1, 1, "a", 2), write(2, 2, "a", 1), delete(3, 1)),
                NOW_MS,
                false,
                true);
        assertEquals(SubmitStatus.NO_EFFECT, foreign.status());
        assertEquals(
                verdicts(Verdict.DUPLICATE, Verdict.NOT_AUTHOR, Verdict.NOT_AUTHOR, Verdict.NOT_AUTHOR),
                foreign.outcomes());
        // Nothing stands where an absent row or tombstone would be written.
        assertEquals(
                List.of(0, 1),
                foreign.winners().stream().map(ArbiterDriver.Winner::change).toList());
        assertEquals(1, driver.arbiter().database(database).cells());
    }

    @Test
    void shouldTellWhatStandsInTheWay() {
        final int database = create();
        driver.submit(database, set(10, write(0, 1, "a", 1)), NOW_MS);
        driver.submit(database, set(20, delete(0, 2)), NOW_MS);
        driver.submit(database, set(30, delete(0, 3)), NOW_MS - 1_000);
        final ArbiterDriver.Submitted lost = driver.submit(
                database,
                set(5, write(0, 1, "a", 7), write(1, 2, "a", 7), delete(2, 2), write(3, 9, "a", 1)),
                NOW_MS,
                true,
                true);
        assertEquals(
                List.of(
                        new ArbiterDriver.Winner(0, WinnerKind.CELL, false, hlc(10, 0), hex(ModelValue.of(1))),
                        new ArbiterDriver.Winner(1, WinnerKind.TOMBSTONE, false, hlc(20, 0), ""),
                        new ArbiterDriver.Winner(2, WinnerKind.TOMBSTONE, false, hlc(20, 0), "")),
                lost.winners());
    }

    @Test
    void shouldTellThePruneMarkToWhatIsTooLate() {
        final int database = create();
        driver.submit(database, set(30, delete(5, 3)), NOW_MS);
        assertEquals(1, driver.prune(database, NOW_MS + 10, 9));
        assertEquals(1, record().pruned());
        final ArbiterDriver.Submitted late =
                driver.submit(database, set(5, write(0, 1, "a", 7), delete(1, 8)), NOW_MS, true, true);
        assertEquals(verdicts(Verdict.TOO_LATE, Verdict.TOO_LATE), late.outcomes());
        for (final ArbiterDriver.Winner winner : late.winners()) {
            assertEquals(WinnerKind.PRUNE_MARK, winner.kind());
            assertEquals(hlc(30, 5), winner.hlc());
        }
    }

    @Test
    void shouldMakeNoRecordOfAPruneThatRemovesNothing() {
        final int database = create();
        driver.submit(database, set(0, delete(0, 1)), NOW_MS);
        final int records = driver.records().size();
        assertEquals(0, driver.prune(database, NOW_MS + 5, 5), "set exactly a horizon ago stays");
        assertEquals(0, driver.prune(database, NOW_MS + 5, Long.MAX_VALUE));
        assertEquals(records, driver.records().size());
        assertEquals(1, driver.prune(database, NOW_MS + 6, 5));
        assertEquals(records + 1, driver.records().size());
        assertEquals(1, driver.arbiter().database(database).sequence());
    }

    @Test
    void shouldLeaveTheLiveDigestAloneWhenItPrunes() {
        final int database = create();
        driver.submit(database, set(0, write(0, 1, "a", 1), delete(1, 2)), NOW_MS);
        final DatabaseView view = driver.arbiter().database(database);
        final long high = view.liveDigestHigh();
        final long low = view.liveDigestLow();
        final long second = view.secondDigestLow();
        driver.prune(database, NOW_MS + 100, 0);
        assertEquals(high, view.liveDigestHigh());
        assertEquals(low, view.liveDigestLow());
        assertTrue(second != view.secondDigestLow());
    }

    @Test
    void shouldLeaveOutValuesThatWouldMakeTheAnswerTooLarge() {
        final int answerBytesMax = 40_000;
        try (ArbiterDriver small = new ArbiterDriver(new ArbiterContext()
                .incarnation(1, 2)
                .answerBytesMax(answerBytesMax)
                .conclude())) {
            final int database = small.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final List<ModelSet.Change> old = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                final ModelValue value = ModelValue.text("v".repeat(3_000));
                final ModelSet.Change change =
                        new ModelSet.Change(0, "main", "t", List.of(ModelValue.of(i)), "c", value);
                small.submit(database, set(10, change), NOW_MS);
                old.add(write(i, i, "c", 0));
            }
            final ArbiterDriver.Submitted lost =
                    small.submit(database, set(0, old.toArray(ModelSet.Change[]::new)), NOW_MS, true, true);
            assertEquals(30, lost.winners().size());
            assertTrue(lost.answerLength() <= answerBytesMax, "answerLength=" + lost.answerLength());
            final long whole =
                    lost.winners().stream().filter(winner -> !winner.omitted()).count();
            assertTrue(whole >= 10 && whole < 30, "whole=" + whole);
            assertTrue(lost.winners().stream()
                    .allMatch(winner -> winner.omitted() == winner.value().isEmpty()));
        }
    }

    @Test
    void shouldCountASiteThatUsesAClockTwice() {
        final int database = create();
        driver.submit(database, set(0, write(0, 1, "a", 1)), NOW_MS);
        driver.submit(database, set(0, write(0, 1, "a", 2)), NOW_MS);
        driver.submit(database, set(0, write(0, 1, "a", 1)), NOW_MS);
        driver.submit(database, set(0, write(0, 1, "a", 2)), NOW_MS);
        final DatabaseView view = driver.arbiter().database(database);
        assertEquals(2, view.sameHlcConflicts());
        assertEquals(0xAA, view.sameHlcSiteLow());
    }

    @Test
    void shouldKeepKeysInTheFormOfTheDatabase() {
        final int database = driver.create("q", RowPolicy.LAST_WRITER_WINS, KeyForm.QUEREUS);
        final ModelSet.Change real =
                new ModelSet.Change(0, "main", "t", List.of(ModelValue.real(1.0)), "a", ModelValue.real(1.0));
        final ModelSet.Change truth =
                new ModelSet.Change(1, "main", "t", List.of(ModelValue.of(true)), "b", ModelValue.of(true));
        final ModelSet.Change huge =
                new ModelSet.Change(2, "main", "t", List.of(ModelValue.real(-1e308)), "b", ModelValue.ofNull());
        driver.submit(database, set(0, real, truth, huge), NOW_MS);
        assertEquals(2, driver.arbiter().database(database).rows());
        assertNotNull(driver.scan(database, 1_000)
                .cells()
                .get(ArbiterDriver.cellName("main", "t", ModelValue.of(1).encoded(), "b")));
    }

    @Test
    void shouldRefuseASetWhoseSurvivorsDoNotFitARecord() {
        final int database = create();
        final List<ModelSet.Change> wide = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            wide.add(write(i, 1, "c" + i + "x".repeat(200), 1));
        }
        driver.submit(database, set(50, wide.toArray(ModelSet.Change[]::new)), NOW_MS);
        final List<ModelSet.Change> deletes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            deletes.add(delete(i, 1));
        }
        final DatabaseView view = driver.arbiter().database(database);
        final long before = view.stateDigest();
        final ArbiterDriver.Submitted refused =
                driver.submit(database, set(0, deletes.toArray(ModelSet.Change[]::new)), NOW_MS);
        assertEquals(SubmitStatus.REFUSED, refused.status());
        assertEquals(ErrorCode.EFFECT_TOO_LARGE, refused.reason());
        assertTrue(refused.actualValue() > refused.limitValue());
        assertTrue(refused.change() > 0, "change=" + refused.change());
        assertEquals(before, view.stateDigest());
        final ArbiterDriver.Submitted accepted = driver.submit(database, set(0, delete(0, 1)), NOW_MS);
        assertEquals(1_000, ArbiterDriver.survivors(accepted.record()).size());
    }

    @Test
    void shouldLimitTheColumnsOfARowAndNothingElse() {
        try (ArbiterDriver narrow = new ArbiterDriver(
                new ArbiterContext().incarnation(1, 2).columnsPerRowMax(3).conclude())) {
            final int database = narrow.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final ModelSet full =
                    set(0, write(0, 1, "a", 1), write(1, 1, "b", 1), write(2, 1, "c", 1), write(3, 2, "d", 1));
            assertEquals(
                    SubmitStatus.ACCEPTED, narrow.submit(database, full, NOW_MS).status());
            assertEquals(
                    SubmitStatus.NO_EFFECT,
                    narrow.submit(database, full, NOW_MS).status());
            final ArbiterDriver.Submitted wide =
                    narrow.submit(database, set(1, write(0, 2, "a", 1), write(1, 1, "d", 1)), NOW_MS);
            assertEquals(ErrorCode.EFFECT_TOO_LARGE, wide.reason());
            assertEquals(3, wide.limitValue());
            assertEquals(4, wide.actualValue());
            assertEquals(1, wide.change());
            final ModelSet twice =
                    set(2, write(0, 2, "a", 1), write(1, 2, "a", 2), write(2, 2, "b", 1), write(3, 2, "b", 3));
            assertEquals(
                    SubmitStatus.ACCEPTED,
                    narrow.submit(database, twice, NOW_MS).status());
            final ModelSet anew =
                    set(3, write(0, 3, "a", 1), write(1, 3, "b", 2), write(2, 3, "c", 1), write(3, 3, "d", 3));
            assertEquals(
                    ErrorCode.EFFECT_TOO_LARGE,
                    narrow.submit(database, anew, NOW_MS).reason());
        }
    }

    @Test
    void shouldRefuseOverTheQuotaButAnswerWhatIsThereAlreadyAndTakeDeletes() {
        try (ArbiterDriver small = new ArbiterDriver(
                new ArbiterContext().incarnation(1, 2).databaseBytesMax(40_000).conclude())) {
            final int database = small.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            ArbiterDriver.Submitted last;
            int row = 0;
            do {
                row++;
                last = small.submit(database, set(0, write(0, row, "a", 1)), NOW_MS);
            } while (last.status() == SubmitStatus.ACCEPTED);
            assertTrue(row > 100, "row=" + row);
            assertEquals(ErrorCode.QUOTA_EXCEEDED, last.reason());
            assertEquals(40_000, last.limitValue());
            assertTrue(last.actualValue() > 40_000);
            assertEquals(
                    SubmitStatus.NO_EFFECT,
                    small.submit(database, set(0, write(0, 1, "a", 1)), NOW_MS).status());
            assertEquals(
                    SubmitStatus.ACCEPTED,
                    small.submit(database, set(1, write(0, 1, "a", 2)), NOW_MS).status());
            assertEquals(
                    SubmitStatus.ACCEPTED,
                    small.submit(database, set(2, delete(0, 1)), NOW_MS).status());
        }
    }

    @Test
    void shouldRefuseWhenTheNodeHasNoMemoryLeft() {
        try (ArbiterDriver small = new ArbiterDriver(new ArbiterContext()
                .incarnation(1, 2)
                .arenaBytesMax(4L * Arena.CHUNK_BYTES)
                .conclude())) {
            final int database = small.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final ModelValue large = ModelValue.text("x".repeat(500_000));
            ArbiterDriver.Submitted last;
            int row = 0;
            do {
                row++;
                last = small.submit(
                        database,
                        set(0, new ModelSet.Change(0, "main", "t", List.of(ModelValue.of(row)), "a", large)),
                        NOW_MS);
                small.records().clear();
            } while (last.status() == SubmitStatus.ACCEPTED);
            assertEquals(ErrorCode.QUOTA_EXCEEDED, last.reason());
            assertTrue(row > 40, "row=" + row);
            assertEquals(
                    SubmitStatus.ACCEPTED,
                    small.submit(database, set(2, delete(0, 1)), NOW_MS).status());
        }
    }

    @Test
    void shouldReplayWhatALoweredLimitWouldRefuse() {
        final int database = create();
        driver.submit(database, set(0, write(0, 1, "a", 1), write(1, 1, "b", 1), write(2, 2, "c", 1)), NOW_MS);
        try (ArbiterDriver lowered = new ArbiterDriver(new ArbiterContext()
                .incarnation(11, 22)
                .columnsPerRowMax(1)
                .databaseBytesMax(4_096)
                .databasesMax(1)
                .conclude())) {
            driver.records().forEach(lowered::replay);
            assertEquals(3, lowered.arbiter().database(database).cells());
        }
    }

    @Test
    void shouldRefuseAContextThatContradictsItself() {
        assertThrows(IllegalArgumentException.class, () -> new ArbiterContext().conclude());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ArbiterContext().incarnation(1, 2).answerBytesMax(100).conclude());
        assertThrows(IllegalStateException.class, () -> new Arbiter(new ArbiterContext()));
        final ArbiterContext once = new ArbiterContext().incarnation(1, 2).conclude();
        assertThrows(IllegalStateException.class, once::conclude);
    }

    private int create() {
        return driver.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
    }

    private int open(final String name, final long maxDriftMs, final boolean create, final int flags) {
        return driver.open(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED, maxDriftMs, create, flags);
    }

    private JournalRecordDecoder record() {
        return new JournalRecordDecoder()
                .wrapAndApplyHeader(
                        new UnsafeBuffer(driver.records().get(driver.records().size() - 1)),
                        0,
                        new MessageHeaderDecoder());
    }

    private static ModelSet set(final long afterMs, final ModelSet.Change... changes) {
        return new ModelSet(SITE, NOW_MS + afterMs, 0, List.of(), List.of(changes));
    }

    private static ModelSet.Change write(final long opSeq, final long row, final String column, final long value) {
        return new ModelSet.Change(opSeq, "main", "t", List.of(ModelValue.of(row)), column, ModelValue.of(value));
    }

    private static ModelSet.Change delete(final long opSeq, final long row) {
        return new ModelSet.Change(opSeq, "main", "t", List.of(ModelValue.of(row)), null, null);
    }

    private static String hlc(final long afterMs, final long opSeq) {
        return ArbiterDriver.hlc(NOW_MS + afterMs, 0, SITE, opSeq);
    }

    private static String hex(final ModelValue value) {
        return java.util.HexFormat.of().formatHex(value.encoded());
    }

    private static List<Integer> verdicts(final Verdict... verdicts) {
        return List.of(verdicts).stream().map(Enum::ordinal).toList();
    }
}
