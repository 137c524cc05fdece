package io.lockstep.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.engine.port.JournalContract;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.TestRecords;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MemoryJournalTest extends JournalContract {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);

    @Override
    protected JournalPort open() {
        return MemoryJournal.selfSyncing();
    }

    @Override
    protected JournalPort reopen(final JournalPort closed) {
        return ((MemoryJournal) closed).afterKill();
    }

    @Test
    void shouldLoseWhatWasNotSyncedInAPowerCut() {
        final MemoryJournal journal = MemoryJournal.manuallySynced();
        appendTo(journal, new TestRecords(), 10);
        journal.syncTo(4);
        assertEquals(4, journal.afterPowerCut().writtenPosition());
    }

    @Test
    void shouldKeepEverythingThroughAKill() {
        final MemoryJournal journal = MemoryJournal.manuallySynced();
        appendTo(journal, new TestRecords(), 10);
        assertEquals(10, journal.afterKill().writtenPosition());
    }

    @Test
    void shouldThrowTheSameFailureForEverAndNeverMoveTheDurablePosition() {
        final MemoryJournal journal = MemoryJournal.manuallySynced();
        final TestRecords made = new TestRecords();
        appendTo(journal, made, 3);
        final var failure = new JournalFailedException(JournalFailedException.Kind.IO, "planted", null);
        journal.fail(failure);
        journal.sync();
        assertEquals(0, journal.durablePosition());
        assertSame(failure, assertThrows(JournalFailedException.class, () -> appendTo(journal, made, 1)));
        assertSame(failure, journal.failure());
    }

    @Test
    void shouldKeepConstantMemoryWhenRecycling() {
        final MemoryJournal journal = MemoryJournal.recycling();
        final TestRecords made = new TestRecords();
        appendTo(journal, made, 200_000);
        assertEquals(200_000, journal.writtenPosition());
        try (var reader = journal.openReader()) {
            reader.seek(199_990);
            assertEquals(11, reader.poll((bytes, offset, length) -> true, Long.MAX_VALUE, 100));
        }
    }

    @Test
    void shouldRefuseAGapInPositions() {
        final MemoryJournal journal = MemoryJournal.manuallySynced();
        final TestRecords made = new TestRecords();
        made.next(buffer, 0, 0);
        final int length = made.next(buffer, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> journal.append(buffer, 0, length));
    }

    private void appendTo(final MemoryJournal journal, final TestRecords made, final int count) {
        for (int i = 0; i < count; i++) {
            journal.append(buffer, 0, made.next(buffer, 0, 100));
        }
    }
}
