package io.lockstep.engine;

import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SpaceLevel;
import org.agrona.DirectBuffer;

/** A journal in memory that syncs only when it is told that a batch ended. */
final class SyncedAtBatchEnd implements JournalPort {
    private final MemoryJournal journal;

    SyncedAtBatchEnd(final MemoryJournal journal) {
        this.journal = journal;
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length) {
        journal.append(buffer, offset, length);
    }

    @Override
    public void batchAppended() {
        journal.sync();
    }

    @Override
    public long writtenPosition() {
        return journal.writtenPosition();
    }

    @Override
    public long durablePosition() {
        return journal.durablePosition();
    }

    @Override
    public SpaceLevel spaceLevel() {
        return journal.spaceLevel();
    }

    @Override
    public long freeBytes() {
        return journal.freeBytes();
    }

    @Override
    public JournalFailedException failure() {
        return journal.failure();
    }

    @Override
    public JournalReader openReader() {
        return journal.openReader();
    }

    @Override
    public void close() {
        journal.close();
    }
}
