package io.lockstep.engine.snapshot;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of a snapshot: entries, each an int32 length and an SBE message of the snapshot band. Belongs to one thread at
 * a time: the arbiter's while it is filled, then the writer's.
 */
public final class SnapshotBlock {
    /** What a block holds. */
    public enum Kind {
        /** Header, start of a database, names: what rows refer to. */
        NAMES(0),
        /** Rows, migrations, end of a database, end of the snapshot. */
        ROWS(1),
        /** Two numbers of databases: all between them are taken over from the snapshot before. Never in a file. */
        KEPT(2);

        private final int code;

        Kind(final int code) {
            this.code = code;
        }

        /**
         * How files name it.
         *
         * @return a number that never changes
         */
        public int code() {
            return code;
        }
    }

    private final UnsafeBuffer buffer;
    private Kind kind;
    private int databaseId;
    private int length;

    /**
     * An empty block.
     *
     * @param capacity bytes
     */
    public SnapshotBlock(final int capacity) {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    /**
     * Empties it for other content.
     *
     * @param newKind what it will hold
     */
    public void reset(final Kind newKind) {
        kind = newKind;
        databaseId = 0;
        length = 0;
    }

    /**
     * Holds the entries.
     *
     * @return the buffer
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * What it holds.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The database that all its entries belong to.
     *
     * @return 0 for header and end of the snapshot
     */
    public int databaseId() {
        return databaseId;
    }

    /**
     * Says whose entries it holds.
     *
     * @param newDatabaseId 0 for header and end of the snapshot
     */
    public void databaseId(final int newDatabaseId) {
        databaseId = newDatabaseId;
    }

    /**
     * Bytes of the entries.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * Says how much was filled.
     *
     * @param newLength bytes
     */
    public void length(final int newLength) {
        length = newLength;
    }

    /**
     * Bytes that are left.
     *
     * @return bytes
     */
    public int room() {
        return buffer.capacity() - length;
    }
}
