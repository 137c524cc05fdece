package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.snapshot.SnapshotBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer in lock-step: one thread, a clock by hand. */
class SnapshotWriterTest {
    private static final int BLOCK_BYTES = 1_000;
    private static final long JOURNAL_BYTES = 10_000;

    @TempDir
    Path dataFolder;

    private final Journal journal = new Journal();
    private long nowNs;
    private long committed;
    private SnapshotWriter writer;

    @BeforeEach
    void open() throws IOException {
        writer = newWriter();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void shouldBeDueWhenTheJournalHasGrown() {
        journal.written = 5;
        journal.bytes = JOURNAL_BYTES - 1;
        pass(1);
        assertFalse(writer.due());
        journal.bytes++;
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldNotBeDueForAJournalThatTheLastSnapshotHolds() {
        snapshot(5, 1);
        journal.bytes = 10 * JOURNAL_BYTES;
        pass(10);
        assertFalse(writer.due());
    }

    @Test
    void shouldWaitForAsMuchJournalAsTheSnapshotBeforeTook() {
        snapshot(5, 40);
        journal.written = 6;
        journal.bytes = 2 * JOURNAL_BYTES;
        pass(10);
        assertFalse(writer.due(), "a snapshot of 40 blocks is larger than what the journal grew by");
        journal.bytes = 50 * BLOCK_BYTES;
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldCountOnlyOnceItIsCommitted() throws IOException {
        begin(5);
        fill(1);
        writer.complete(8);
        committed = 7;
        pass(10);
        assertEquals(List.of(), positions());
        committed = 8;
        pass(10);
        assertEquals(List.of(5L), positions());
        assertEquals(1, writer.tally().published());
    }

    @Test
    void shouldTellHowFarItIsAndHowOldTheNewestIs() throws IOException {
        assertEquals(-1, writer.tally().writtenBytes());
        assertEquals(-1, writer.tally().ageMs());
        begin(5);
        assertEquals(0, writer.tally().writtenBytes());
        fill(2);
        pass(5);
        assertTrue(writer.tally().writtenBytes() >= 2 * BLOCK_BYTES);
        writer.complete(8);
        committed = 8;
        pass(10);
        assertEquals(-1, writer.tally().writtenBytes());
        assertTrue(writer.tally().ageMs() >= 0);
        writer.close();
        writer = newWriter();
        assertTrue(writer.tally().ageMs() >= 0, "the file tells");
    }

    @Test
    void shouldKeepTwo() throws IOException {
        for (int position = 5; position < 9; position++) {
            snapshot(position, 1);
        }
        assertEquals(List.of(8L, 7L), positions());
    }

    @Test
    void shouldGiveNoBlockWhileAllWaitToBeWritten() {
        begin(5);
        int taken = 0;
        for (SnapshotBlock block = writer.take(); block != null; block = writer.take()) {
            assertFalse(writer.due(), "taking a block starts it");
            block.reset(SnapshotBlock.Kind.ROWS);
            block.length(BLOCK_BYTES);
            writer.write(block);
            taken++;
        }
        assertTrue(taken > 1);
        assertNull(writer.take());
        pass(1);
        assertNotNull(writer.take());
    }

    @Test
    void shouldGoOnAfterASnapshotThatCouldNotBeWritten() throws IOException {
        final Path snapshots = dataFolder.resolve("snapshots");
        Files.delete(snapshots);
        journal.written = 5;
        journal.bytes = JOURNAL_BYTES;
        pass(1);
        assertFalse(writer.due());
        assertEquals(1, writer.tally().failures());
        Files.createDirectory(snapshots);
        pass(1);
        assertFalse(writer.due(), "tried again only after a while");
        nowNs += TimeUnit.MINUTES.toNanos(2);
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldPutItOffWhileTheDiskHasNoRoom() {
        journal.free = 499;
        journal.written = 5;
        journal.bytes = JOURNAL_BYTES;
        pass(1);
        assertFalse(writer.due());
        journal.free = 500;
        nowNs += TimeUnit.MINUTES.toNanos(2);
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldGiveUpBeforeTheJournalHasNoRoomAndRememberHowMuchWasTooMuch() throws IOException {
        begin(5);
        fill(3);
        journal.free = 499;
        fill(1);
        pass(1);
        assertEquals(1, writer.tally().failures());
        assertEquals(List.of(), new SnapshotFolder(dataFolder).unfinished());
        writer.complete(8);
        committed = 8;
        journal.free = 500 + 3 * BLOCK_BYTES;
        writer.want();
        nowNs += TimeUnit.MINUTES.toNanos(2);
        pass(1);
        assertFalse(writer.due(), "it would come no further than before");
        journal.free += 2 * BLOCK_BYTES;
        nowNs += TimeUnit.MINUTES.toNanos(2);
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldNotForgetThatOneWasWantedWhenItCouldNotBegin() throws IOException {
        final Path snapshots = dataFolder.resolve("snapshots");
        Files.delete(snapshots);
        journal.written = 5;
        writer.want();
        pass(1);
        assertEquals(1, writer.tally().failures());
        Files.createDirectory(snapshots);
        nowNs += TimeUnit.MINUTES.toNanos(2);
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldLeaveNothingOfASnapshotThatIsNotWholeAtTheClose() throws IOException {
        begin(5);
        fill(2);
        pass(5);
        writer.close();
        try (var files = Files.list(dataFolder.resolve("snapshots"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldGiveUpNothingWhileASnapshotDoesNotSayWhatItHolds() {
        snapshot(5, 1);
        snapshot(6, 1); // whole, but without a header
        pass(30);
        assertNull(journal.rule);
    }

    @Test
    void shouldTakeOneWhenItIsAskedFor() {
        journal.written = 5;
        pass(1);
        assertFalse(writer.due());
        writer.want();
        pass(1);
        assertTrue(writer.due());
    }

    @Test
    void shouldWriteNoFasterThanItMay() {
        begin(5);
        fill(3);
        final long before = nowNs;
        while (writer.take() == null) {
            writer.doWork();
        }
        writer.doWork();
        writer.doWork();
        assertEquals(before, nowNs);
        assertTrue(writer.doWork() == 0, "the clock stands, and one block was more than a moment's share");
    }

    private SnapshotWriter newWriter() throws IOException {
        return new SnapshotWriter(
                new SnapshotContext()
                        .dataFolder(dataFolder)
                        .journal(journal)
                        .commit(() -> committed)
                        .blockBytes(BLOCK_BYTES)
                        .journalBytes(JOURNAL_BYTES)
                        .bytesPerSecond(1 << 20)
                        .freeBytesMin(500)
                        .conclude(),
                () -> nowNs,
                () -> TimeUnit.NANOSECONDS.toMillis(nowNs));
    }

    private void snapshot(final long position, final int blocks) {
        nowNs += TimeUnit.MINUTES.toNanos(2);
        begin(position);
        fill(blocks);
        writer.complete(position);
        committed = position;
        pass(10);
    }

    private void begin(final long position) {
        journal.written = position;
        writer.want();
        pass(1);
        assertTrue(writer.due());
    }

    private void fill(final int blocks) {
        for (int i = 0; i < blocks; i++) {
            SnapshotBlock block = writer.take();
            while (block == null) {
                pass(1);
                block = writer.take();
            }
            block.reset(SnapshotBlock.Kind.ROWS);
            block.length(BLOCK_BYTES);
            writer.write(block);
        }
    }

    private void pass(final int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowNs += TimeUnit.SECONDS.toNanos(1);
            while (writer.doWork() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private List<Long> positions() throws IOException {
        return new SnapshotFolder(dataFolder)
                .newestFirst().stream().map(SnapshotFile::position).toList();
    }

    private static final class Journal implements GrowingJournal {
        private long written;
        private long bytes;
        private long free = Long.MAX_VALUE;
        private RetentionRule rule;

        @Override
        public long writtenPosition() {
            return written;
        }

        @Override
        public long bytesAfter(final long position) {
            return bytes;
        }

        @Override
        public int retain(final RetentionRule newRule) {
            rule = newRule;
            return 0;
        }

        @Override
        public long freeBytes() {
            return free;
        }
    }
}
