package io.lockstep.engine.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.record.RecordCheck;
import io.lockstep.engine.record.RecordVerdict;
import io.lockstep.engine.record.RecordView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every journal does, whatever it is made of. One subclass for each implementation. */
@Timeout(60)
public abstract class JournalContract {
    private static final long DURABLE_WAIT_NS = 20_000_000_000L;

    /** Makes valid, sealed records in order; tests append them. */
    protected final TestRecords records = new TestRecords();

    private final RecordCheck check = new RecordCheck();
    private JournalPort journal;

    /**
     * A new, empty journal.
     *
     * @return open
     */
    protected abstract JournalPort open();

    /**
     * Opens again what was closed.
     *
     * @param closed by {@link JournalPort#close()}
     * @return null where this kind of journal does not outlive its process
     */
    protected abstract JournalPort reopen(JournalPort closed);

    /**
     * Makes durable what was appended, where that does not happen by itself after {@link JournalPort#batchAppended()}.
     *
     * @param opened the journal
     */
    protected void sync(final JournalPort opened) {}

    @BeforeEach
    void openJournal() {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    @Test
    void shouldBeginEmpty() {
        assertEquals(0, journal.writtenPosition());
        assertEquals(0, journal.durablePosition());
        assertNull(journal.failure());
        try (JournalReader reader = journal.openReader()) {
            assertEquals(List.of(), positions(reader, Long.MAX_VALUE, 10));
        }
    }

    @Test
    void shouldReadBackTheSameBytesInOrder() {
        final List<byte[]> appended = append(50);
        try (JournalReader reader = journal.openReader()) {
            final List<byte[]> read = new ArrayList<>();
            reader.poll(
                    (buffer, offset, length) -> {
                        final byte[] bytes = new byte[length];
                        buffer.getBytes(offset, bytes);
                        return read.add(bytes);
                    },
                    Long.MAX_VALUE,
                    1_000);
            assertEquals(appended.size(), read.size());
            for (int i = 0; i < read.size(); i++) {
                assertArrayEquals(appended.get(i), read.get(i), "position=" + (i + 1));
            }
        }
    }

    @Test
    void shouldCountEveryAppendAsWritten() {
        append(3);
        assertEquals(3, journal.writtenPosition());
    }

    @Test
    void shouldBecomeDurableAfterABatch() {
        append(5);
        journal.batchAppended();
        sync(journal);
        awaitDurable(5);
        assertEquals(5, journal.durablePosition());
    }

    @Test
    void shouldNeverCallDurableWhatIsNotWritten() {
        for (int i = 0; i < 200; i++) {
            append(7);
            journal.batchAppended();
            sync(journal);
            assertTrue(journal.durablePosition() <= journal.writtenPosition());
        }
    }

    @Test
    void shouldStopAtTheHighestPositionAskedFor() {
        append(10);
        try (JournalReader reader = journal.openReader()) {
            assertEquals(List.of(1L, 2L, 3L, 4L), positions(reader, 4, 100));
            assertEquals(List.of(), positions(reader, 4, 100));
            assertEquals(List.of(5L, 6L), positions(reader, 6, 100));
        }
    }

    @Test
    void shouldHandOnAtMostTheLimit() {
        append(10);
        try (JournalReader reader = journal.openReader()) {
            assertEquals(List.of(1L, 2L, 3L), positions(reader, Long.MAX_VALUE, 3));
            assertEquals(List.of(4L), positions(reader, Long.MAX_VALUE, 1));
        }
    }

    @Test
    void shouldStopWhenTheHandlerSaysSoAndCountThatRecordAsRead() {
        append(5);
        try (JournalReader reader = journal.openReader()) {
            assertEquals(1, reader.poll((buffer, offset, length) -> false, Long.MAX_VALUE, 10));
            assertEquals(List.of(2L, 3L, 4L, 5L), positions(reader, Long.MAX_VALUE, 10));
        }
    }

    @Test
    void shouldSeekToAnyPosition() {
        append(300);
        try (JournalReader reader = journal.openReader()) {
            for (final long position : new long[] {300, 1, 150, 2, 299}) {
                reader.seek(position);
                assertEquals(List.of(position), positions(reader, Long.MAX_VALUE, 1));
            }
        }
    }

    @Test
    void shouldSeekOnePastTheLastRecord() {
        append(5);
        try (JournalReader reader = journal.openReader()) {
            reader.seek(6);
            assertEquals(List.of(), positions(reader, Long.MAX_VALUE, 10));
            append(1);
            assertEquals(List.of(6L), positions(reader, Long.MAX_VALUE, 10));
        }
    }

    @Test
    void shouldSeekToTheRecordThatHoldsASequence() {
        append(2_000);
        try (JournalReader reader = journal.openReader()) {
            for (final long sequence : new long[] {1, 77, 1_024, 1_025, 333, 1_332}) {
                assertTrue(reader.seekSequence(TestRecords.DATABASE_ID, sequence), "sequence=" + sequence);
                final RecordView view = new RecordView();
                reader.poll(
                        (buffer, offset, length) -> {
                            view.wrap(buffer, offset, length);
                            assertTrue(TestRecords.isChangeSet(view));
                            assertEquals(sequence, view.sequence());
                            return true;
                        },
                        Long.MAX_VALUE,
                        1);
            }
        }
    }

    @Test
    void shouldHandOnTheRecordsOfOneDatabaseFromAnywhere() {
        final List<Integer> owners = appendToThreeDatabases(3_000);
        try (JournalReader reader = journal.openReader()) {
            for (int databaseId = 1; databaseId <= 4; databaseId++) {
                for (final long from : new long[] {1, 2, 1_499, 1_500, 1_501, 2_999, 3_000}) {
                    reader.seek(from);
                    assertEquals(
                            positionsOf(owners, databaseId, from),
                            databasePositions(reader, databaseId, Long.MAX_VALUE, Integer.MAX_VALUE),
                            "databaseId=" + databaseId + ", from=" + from);
                }
            }
        }
    }

    @Test
    void shouldStandBehindTheLastRecordOfTheDatabaseThatWasHandedOn() {
        final List<Integer> owners = appendToThreeDatabases(300);
        final List<Long> expected = positionsOf(owners, 2, 1);
        try (JournalReader reader = journal.openReader()) {
            assertEquals(expected.subList(0, 5), databasePositions(reader, 2, Long.MAX_VALUE, 5));
            assertEquals(List.of(expected.get(4) + 1), positions(reader, Long.MAX_VALUE, 1));
            reader.seek(expected.get(4) + 1);
            assertEquals(expected.subList(5, expected.size()), databasePositions(reader, 2, Long.MAX_VALUE, 1_000));
            assertEquals(List.of(), databasePositions(reader, 2, Long.MAX_VALUE, 1_000));
            assertEquals(List.of(), databasePositions(reader, 9, Long.MAX_VALUE, 1_000));
            final long last = expected.get(expected.size() - 1);
            assertEquals(last == 300 ? List.of() : List.of(last + 1), positions(reader, Long.MAX_VALUE, 1));
        }
    }

    @Test
    void shouldStopAtTheHighestPositionAskedForInADatabaseToo() {
        final List<Integer> owners = appendToThreeDatabases(300);
        final List<Long> expected = positionsOf(owners, 1, 1);
        try (JournalReader reader = journal.openReader()) {
            final long max = expected.get(10);
            assertEquals(expected.subList(0, 10), databasePositions(reader, 1, max - 1, 1_000));
            assertEquals(List.of(), databasePositions(reader, 1, max - 1, 1_000));
            assertEquals(List.of(max), databasePositions(reader, 1, max, 1_000));
        }
    }

    @Test
    void shouldHandOnWhatADatabaseGetsLater() {
        final List<Integer> owners = new ArrayList<>(appendToThreeDatabases(30));
        try (JournalReader reader = journal.openReader()) {
            databasePositions(reader, 1, Long.MAX_VALUE, 1_000);
            for (int round = 0; round < 20; round++) {
                final long from = records.lastPosition() + 1;
                owners.addAll(appendToThreeDatabases(7));
                assertEquals(positionsOf(owners, 1, from), databasePositions(reader, 1, Long.MAX_VALUE, 1_000));
            }
        }
    }

    @Test
    void shouldNameTheOldestSequenceOfADatabase() {
        appendToThreeDatabases(300);
        try (JournalReader reader = journal.openReader()) {
            reader.seek(7);
            assertEquals(1, reader.oldestSequence(1));
            assertEquals(1, reader.oldestSequence(3));
            assertEquals(0, reader.oldestSequence(4));
            assertEquals(List.of(7L), positions(reader, Long.MAX_VALUE, 1));
        }
    }

    @Test
    void shouldNotMoveWhenASequenceIsNotThere() {
        append(20);
        try (JournalReader reader = journal.openReader()) {
            reader.seek(4);
            assertFalse(reader.seekSequence(TestRecords.DATABASE_ID, 1_000));
            assertFalse(reader.seekSequence(TestRecords.DATABASE_ID + 1, 1));
            assertEquals(List.of(4L), positions(reader, Long.MAX_VALUE, 1));
        }
    }

    @Test
    void shouldSeeWhatIsAppendedAfterTheReaderWasOpened() {
        try (JournalReader reader = journal.openReader()) {
            append(2);
            assertEquals(List.of(1L, 2L), positions(reader, Long.MAX_VALUE, 10));
            append(2);
            assertEquals(List.of(3L, 4L), positions(reader, Long.MAX_VALUE, 10));
        }
    }

    @Test
    void shouldKeepReadersApart() {
        append(10);
        try (JournalReader one = journal.openReader();
                JournalReader other = journal.openReader()) {
            one.seek(5);
            assertEquals(List.of(1L), positions(other, Long.MAX_VALUE, 1));
            assertEquals(List.of(5L), positions(one, Long.MAX_VALUE, 1));
        }
    }

    @Test
    void shouldTakeRecordsOfManySizes() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
        final int[] paddings = {0, 1, 7, 63, 500, 4_090, 65_500, 500_000, 900_000, 3};
        for (final int padding : paddings) {
            journal.append(buffer, 0, records.next(buffer, 0, padding));
        }
        journal.batchAppended();
        try (JournalReader reader = journal.openReader()) {
            assertEquals(paddings.length, positions(reader, Long.MAX_VALUE, 100).size());
        }
    }

    @Test
    void shouldShowOnlyWholeRecordsWhileAppending() throws InterruptedException {
        final int total = 30_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread readerThread = new Thread(() -> {
            try (JournalReader reader = journal.openReader()) {
                final RecordCheck readerCheck = new RecordCheck();
                final long[] expected = {1};
                while (expected[0] <= total) {
                    reader.poll(
                            (buffer, offset, length) -> {
                                assertEquals(
                                        RecordVerdict.GOOD, readerCheck.check(buffer, offset, length, expected[0]));
                                expected[0]++;
                                return true;
                            },
                            Long.MAX_VALUE,
                            64);
                }
            } catch (final Throwable thrown) {
                failure.set(thrown);
            }
        });
        readerThread.start();
        append(total);
        readerThread.join(DURABLE_WAIT_NS / 1_000_000);
        assertFalse(readerThread.isAlive(), "the reader has not seen everything");
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
    }

    @Test
    void shouldFindEverythingAgainAfterAClose() {
        final List<byte[]> appended = append(100);
        journal.batchAppended();
        journal.close();
        final JournalPort reopened = reopen(journal);
        Assumptions.assumeTrue(reopened != null, "this kind of journal is not reopened");
        journal = reopened;
        assertEquals(appended.size(), journal.writtenPosition());
        assertEquals(appended.size(), journal.durablePosition(), "a close syncs");
        try (JournalReader reader = journal.openReader()) {
            assertEquals(
                    appended.size(), positions(reader, Long.MAX_VALUE, 1_000).size());
        }
    }

    @Test
    void shouldGoOnAppendingAfterItWasOpenedAgain() {
        append(10);
        journal.batchAppended();
        journal.close();
        final JournalPort reopened = reopen(journal);
        Assumptions.assumeTrue(reopened != null, "this kind of journal is not reopened");
        journal = reopened;
        append(10);
        try (JournalReader reader = journal.openReader()) {
            reader.seek(9);
            assertEquals(List.of(9L, 10L, 11L, 12L), positions(reader, 12, 100));
        }
    }

    private List<byte[]> append(final int count) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
        final List<byte[]> appended = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int length = records.next(buffer, 0, i % 11);
            journal.append(buffer, 0, length);
            final byte[] bytes = new byte[length];
            buffer.getBytes(0, bytes);
            appended.add(bytes);
        }
        return appended;
    }

    /** Answers whose each record is, 0 for those of no database. */
    private List<Integer> appendToThreeDatabases(final int count) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
        final List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int databaseId = 1 + (i / 5 + i % 2) % 3;
            final int length = records.database(databaseId).next(buffer, 0, i % 11);
            journal.append(buffer, 0, length);
            final RecordView view = new RecordView().wrap(buffer, 0, length);
            owners.add(TestRecords.isChangeSet(view) ? databaseId : 0);
        }
        return owners;
    }

    private static List<Long> positionsOf(final List<Integer> owners, final int databaseId, final long from) {
        final List<Long> positions = new ArrayList<>();
        for (long position = from; position <= owners.size(); position++) {
            if (owners.get((int) position - 1) == databaseId) {
                positions.add(position);
            }
        }
        return positions;
    }

    private static List<Long> databasePositions(
            final JournalReader reader, final int databaseId, final long positionMax, final int limit) {
        final List<Long> positions = new ArrayList<>();
        reader.pollDatabase(
                databaseId,
                (buffer, offset, length) -> positions.add(
                        new RecordView().wrap(buffer, offset, length).position()),
                positionMax,
                limit);
        return positions;
    }

    private List<Long> positions(final JournalReader reader, final long positionMax, final int limit) {
        final List<Long> positions = new ArrayList<>();
        reader.poll(
                (buffer, offset, length) -> {
                    assertEquals(RecordVerdict.GOOD, check.check(buffer, offset, length));
                    return positions.add(
                            new RecordView().wrap(buffer, offset, length).position());
                },
                positionMax,
                limit);
        return positions;
    }

    private void awaitDurable(final long position) {
        final long startNs = System.nanoTime();
        while (journal.durablePosition() < position && System.nanoTime() - startNs < DURABLE_WAIT_NS) {
            LockSupport.parkNanos(100_000);
        }
    }
}
