package io.lockstep.engine.bootstrap;

/** Where in a snapshot a client goes on. One thread at a time. */
public final class SnapshotPlace {
    private long snapshot;
    private int databaseId;
    private long block;
    private int entry;
    private int part;

    /**
     * Stands somewhere else.
     *
     * @param newSnapshot the position that names the snapshot
     * @param newDatabaseId of the database
     * @param newBlock of the snapshot
     * @param newEntry offset of an entry in the block
     * @param newPart cells of the entry that were taken already
     * @return this
     */
    public SnapshotPlace set(
            final long newSnapshot,
            final int newDatabaseId,
            final long newBlock,
            final int newEntry,
            final int newPart) {
        snapshot = newSnapshot;
        databaseId = newDatabaseId;
        block = newBlock;
        entry = newEntry;
        part = newPart;
        return this;
    }

    void entry(final int newEntry, final int newPart) {
        entry = newEntry;
        part = newPart;
    }

    void block(final long newBlock) {
        block = newBlock;
        entry = 0;
        part = 0;
    }

    /**
     * Which snapshot.
     *
     * @return position of the journal
     */
    public long snapshot() {
        return snapshot;
    }

    /**
     * Which database.
     *
     * @return its number
     */
    public int databaseId() {
        return databaseId;
    }

    /**
     * Which block.
     *
     * @return as the snapshot counts them
     */
    public long block() {
        return block;
    }

    /**
     * Which entry of the block.
     *
     * @return offset, bytes
     */
    public int entry() {
        return entry;
    }

    /**
     * How many cells of the entry were taken already.
     *
     * @return 0 or more
     */
    public int part() {
        return part;
    }
}
