package io.lockstep.engine.memory;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.engine.record.RecordDescriptor;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A journal that lives in memory: for embedding, benchmarks, conformance vectors and simulation. "Durable" is what
 * {@link #sync} says, or everything at the end of each batch.
 *
 * <p>One thread appends; everything else may be called by any thread. Memory grows with the records, unless the journal
 * is {@link #recycling}, which keeps only the newest and so has readers of those alone.
 */
public final class MemoryJournal implements JournalPort {
    private final RecordStore store;
    private final boolean syncsItself;
    private volatile long durablePosition;
    private volatile JournalFailedException failure;
    private volatile SpaceLevel spaceLevel = SpaceLevel.NORMAL;
    private volatile boolean closed;

    private MemoryJournal(final RecordStore store, final boolean syncsItself, final long durablePosition) {
        this.store = store;
        this.syncsItself = syncsItself;
        this.durablePosition = durablePosition;
    }

    /**
     * A journal in which every batch is durable at its end.
     *
     * @return an empty journal
     */
    public static MemoryJournal selfSyncing() {
        return new MemoryJournal(new RecordStore(false), true, 0);
    }

    /**
     * A journal whose durable position moves only by {@link #sync} and {@link #syncTo}.
     *
     * @return an empty journal
     */
    public static MemoryJournal manuallySynced() {
        return new MemoryJournal(new RecordStore(false), false, 0);
    }

    /**
     * A journal of constant memory that overwrites its oldest records; syncs itself. For load that is never read back.
     *
     * @return an empty journal
     */
    public static MemoryJournal recycling() {
        return new MemoryJournal(new RecordStore(true), true, 0);
    }

    /**
     * What the next process finds after this one was killed: everything appended, and no more of it durable than before.
     *
     * @return a journal of the same kind with a copy of the records
     */
    public MemoryJournal afterKill() {
        return new MemoryJournal(store.copy(store.lastPosition()), syncsItself, durablePosition);
    }

    /**
     * What the next process finds after a power cut that spared no byte that was not synced.
     *
     * @return a journal of the same kind with a copy of the durable records
     */
    public MemoryJournal afterPowerCut() {
        return new MemoryJournal(store.copy(durablePosition), syncsItself, durablePosition);
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length) {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("the journal is closed");
        }
        final long position = buffer.getLong(offset + RecordDescriptor.POSITION_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (position != store.lastPosition() + 1) {
            throw new IllegalArgumentException("position=" + position + ", writtenPosition=" + store.lastPosition());
        }
        store.append(buffer, offset, length);
    }

    @Override
    public void batchAppended() {
        if (syncsItself && failure == null) {
            durablePosition = store.lastPosition();
        }
    }

    /** Makes everything appended durable. Any thread. */
    public void sync() {
        syncTo(store.lastPosition());
    }

    /**
     * Makes a part of what was appended durable. Any thread.
     *
     * @param position not above the written one; below the durable one it does nothing
     */
    public void syncTo(final long position) {
        if (position > store.lastPosition()) {
            throw new IllegalArgumentException("position=" + position + ", writtenPosition=" + store.lastPosition());
        }
        if (failure == null && position > durablePosition) {
            durablePosition = position;
        }
    }

    /**
     * Fails the journal for good, as a disk would. Any thread.
     *
     * @param cause what {@link #append} throws from now on
     */
    public void fail(final JournalFailedException cause) {
        failure = cause;
    }

    /**
     * Pretends that room is short, or not. Any thread.
     *
     * @param level in force from now on
     */
    public void spaceLevel(final SpaceLevel level) {
        spaceLevel = level;
    }

    @Override
    public long writtenPosition() {
        return store.lastPosition();
    }

    @Override
    public long durablePosition() {
        return durablePosition;
    }

    @Override
    public SpaceLevel spaceLevel() {
        return spaceLevel;
    }

    @Override
    public long freeBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public JournalFailedException failure() {
        return failure;
    }

    @Override
    public JournalReader openReader() {
        return new MemoryJournalReader(store);
    }

    /** Syncs. The records stay, see {@link #afterKill()}. */
    @Override
    public void close() {
        sync();
        closed = true;
    }
}
