package io.lockstep.engine.port;

import io.lockstep.engine.record.Incarnation;
import org.agrona.DirectBuffer;

/**
 * The one source of truth, as the engine needs it.
 *
 * <p>One thread appends; every other method may be called by any thread. Positions are the record's own: 1, 2, 3 … with
 * no gap. A failure is final: after it {@link #append} throws, {@link #durablePosition()} never moves again, and the
 * node stops.
 */
public interface JournalPort extends AutoCloseable {
    /**
     * Appends one sealed record. Appender thread only. Never blocks on a sync, never writes into a hole.
     *
     * @param buffer holds the record, an SBE JournalRecord with its header, sealed
     * @param offset of its first byte
     * @param length bytes
     * @throws JournalFailedException when the journal cannot be trusted any more
     */
    void append(DirectBuffer buffer, int offset, int length);

    /** Tells the syncing side that a batch of appends ended; cheap, does not block. Appender thread only. */
    void batchAppended();

    /**
     * Highest position appended, 0 when there is none.
     *
     * @return a position
     */
    long writtenPosition();

    /**
     * Highest position known to be on stable storage together with everything before it.
     *
     * @return a position, never above {@link #writtenPosition()}
     */
    long durablePosition();

    /**
     * The lowest position that is held: what came before was given up.
     *
     * @return a position, 1 for a journal that holds everything
     */
    default long firstPosition() {
        return 1;
    }

    /**
     * The identity of a journal whose first record, which says it, was given up before it was opened.
     *
     * @return null if the journal held its first record then
     */
    default Incarnation retainedIncarnation() {
        return null;
    }

    /**
     * How much room is left, sampled in the background.
     *
     * @return the level in force
     */
    SpaceLevel spaceLevel();

    /**
     * Whether what can wait may be appended now. While it is not, there is room for what cannot, and more is made.
     *
     * @return true if so; always where nothing has to be made ahead
     */
    default boolean hasRoomForBulk() {
        return true;
    }

    /**
     * Free bytes of the file system that holds the journal, sampled in the background.
     *
     * @return bytes
     */
    long freeBytes();

    /**
     * Why the journal failed.
     *
     * @return null while it works
     */
    JournalFailedException failure();

    /**
     * Opens a reader, which then belongs to one thread.
     *
     * @return a reader that stands before the first record
     */
    JournalReader openReader();

    /** Appends nothing more, syncs what was appended, and releases the folder. */
    @Override
    void close();
}
