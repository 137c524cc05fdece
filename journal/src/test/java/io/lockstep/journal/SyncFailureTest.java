package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncFailureTest {
    @TempDir
    private Path folder;

    /** Forces really, until it is told to fail, which it does once everything is appended; counts what it is asked on the syncing thread. */
    private static final class FailingForce implements ForceOperation {
        private final CountDownLatch appended = new CountDownLatch(1);
        private volatile boolean failing;
        private volatile int asked;
        private volatile int askedAfterFailure;

        @Override
        public void force(final FileChannel channel) throws IOException {
            if (!Thread.currentThread().getName().equals("journal-sync")) {
                channel.force(false);
                return;
            }
            asked++;
            if (failing) {
                askedAfterFailure++;
                awaitAppended();
                throw new IOException("Input/output error");
            }
            channel.force(false);
        }

        private void awaitAppended() {
            try {
                appended.await();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final FailingForce force = new FailingForce();
    private final List<JournalFailedException> fatal = Collections.synchronizedList(new ArrayList<>());

    private ChronicleJournal open() {
        return ChronicleJournal.open(JournalFixture.context(folder)
                .forceOperation(force)
                .fatalHandler(fatal::add)
                .conclude());
    }

    @Test
    void shouldFailForGoodAtTheFirstSyncThatFails() {
        final SampleRecords records = new SampleRecords();
        final ChronicleJournal journal = open();
        records.append(journal, 10, 100);
        JournalFixture.awaitDurable(journal, 10);
        force.failing = true;
        records.append(journal, 20, 100);
        force.appended.countDown();
        JournalFixture.await(() -> journal.failure() != null);
        force.failing = false;

        assertEquals(Kind.IO, journal.failure().kind());
        final JournalFailedException thrown =
                assertThrows(JournalFailedException.class, () -> records.append(journal, 21, 100));
        assertSame(journal.failure(), thrown);
        journal.close();
        assertEquals(10, journal.durablePosition());
        assertEquals(1, force.askedAfterFailure, "a failed sync is never tried again");
        assertEquals(List.of(journal.failure()), fatal);
    }

    @Test
    void shouldKeepWhatWasWrittenThroughAFailedSync() {
        final SampleRecords records = new SampleRecords();
        final ChronicleJournal journal = open();
        force.failing = true;
        records.append(journal, 20, 100);
        force.appended.countDown();
        JournalFixture.await(() -> journal.failure() != null);
        journal.close();
        force.failing = false;
        try (ChronicleJournal reopened = open()) {
            assertEquals(20, reopened.durablePosition());
            assertEquals(20, JournalFixture.read(reopened).size());
        }
    }

    @Test
    void shouldCoverManyAppendsWithOneSync() {
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = open()) {
            records.append(journal, 2_000, 100);
            JournalFixture.awaitDurable(journal, 2_000);
            assertTrue(force.asked < 200, "syncs=" + force.asked);
        }
    }

    @Test
    void shouldWakeUpWhoeverWaitsForTheDurablePosition() {
        final int[] wakeUps = new int[1];
        try (ChronicleJournal journal = ChronicleJournal.open(
                JournalFixture.context(folder).wakeUp(() -> wakeUps[0]++).conclude())) {
            new SampleRecords().append(journal, 1, 0);
            JournalFixture.awaitDurable(journal, 1);
            JournalFixture.await(() -> wakeUps[0] > 0);
        }
    }

    @Test
    void shouldSyncNowAndThenWhenNobodyWaits() {
        try (ChronicleJournal journal = ChronicleJournal.open(JournalFixture.context(folder)
                .lazySync(true)
                .lazySyncNs(1_000_000)
                .conclude())) {
            new SampleRecords().append(journal, 100, 0);
            JournalFixture.awaitDurable(journal, 100);
        }
    }

    @Test
    void shouldRefuseARecordOutOfOrder() {
        final SampleRecords records = new SampleRecords();
        final ChronicleJournal journal = open();
        records.append(journal, 3, 0);
        records.changeSet(1, 0, 0);
        final int length = records.changeSet(1, 0, 0);
        final JournalFailedException refused =
                assertThrows(JournalFailedException.class, () -> journal.append(records.buffer(), 0, length));
        assertTrue(refused.getMessage().contains("position=5, expected=4"), refused.getMessage());
        journal.close();
        assertFalse(fatal.isEmpty());
    }
}
