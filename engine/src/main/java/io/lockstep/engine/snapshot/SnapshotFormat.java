package io.lockstep.engine.snapshot;

/** What all parts of snapshots agree on. */
public final class SnapshotFormat {
    /** Version of the entries; another one is not read. */
    public static final int VERSION = 1;

    /** Bytes of the length before each entry. */
    public static final int LENGTH_BYTES = Integer.BYTES;

    /** A block is handed on when it holds so many bytes. */
    public static final int BLOCK_BYTES = 256 << 10;

    private SnapshotFormat() {}

    /**
     * Makes a block say which databases are taken over from the snapshot before.
     *
     * @param block to be filled
     * @param firstId number of the first
     * @param lastId number of the last
     */
    public static void kept(final SnapshotBlock block, final int firstId, final int lastId) {
        block.reset(SnapshotBlock.Kind.KEPT);
        block.buffer().putInt(0, firstId);
        block.buffer().putInt(Integer.BYTES, lastId);
        block.length(2 * Integer.BYTES);
    }

    /**
     * The first database that a block says is taken over.
     *
     * @param block of kind KEPT
     * @return its number
     */
    public static int firstKept(final SnapshotBlock block) {
        return block.buffer().getInt(0);
    }

    /**
     * The last database that a block says is taken over.
     *
     * @param block of kind KEPT
     * @return its number
     */
    public static int lastKept(final SnapshotBlock block) {
        return block.buffer().getInt(Integer.BYTES);
    }
}
