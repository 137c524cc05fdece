package io.lockstep.engine.snapshot;

import org.agrona.DirectBuffer;

/** A whole snapshot that is kept; its checksums hold. One thread. */
public interface SnapshotSource {
    /** Gets blocks. */
    @FunctionalInterface
    interface BlockHandler {
        /**
         * Takes the next block.
         *
         * @param buffer holds its entries, only during the call
         * @param offset of the first byte
         * @param length bytes
         */
        void onBlock(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Hands on all blocks in order.
     *
     * @param handler gets them
     */
    void read(BlockHandler handler);

    /**
     * Hands on the blocks of one database in order, after {@link #read(BlockHandler)} was through.
     *
     * @param databaseId of a database that it holds
     * @param handler gets them
     */
    default void read(final int databaseId, final BlockHandler handler) {
        throw new UnsupportedOperationException("not read by database: databaseId=" + databaseId);
    }
}
