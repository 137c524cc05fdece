package io.lockstep.engine.port;

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
}
