package io.lockstep.engine.port;

import io.lockstep.engine.snapshot.SnapshotBlock;

/**
 * Reads databases out of the newest snapshot, on a thread of its own. Called by the arbitrate stage's thread alone, and no
 * call may block. Blocks come in the order in which databases were asked for, those of one in their own order. One that
 * cannot be read stops the node.
 */
public interface DatabaseLoader {
    /** Knows none. */
    DatabaseLoader NONE = new DatabaseLoader() {
        @Override
        public boolean tryRequest(final int databaseId) {
            return false;
        }

        @Override
        public SnapshotBlock poll() {
            return null;
        }

        @Override
        public void free(final SnapshotBlock block) {}

        @Override
        public void loaded() {}

        @Override
        public JournalFailedException failure() {
            return null;
        }
    };

    /**
     * Asks for a database that the newest snapshot holds as it was when it left memory.
     *
     * @param databaseId its number
     * @return false while too many wait
     */
    boolean tryRequest(int databaseId);

    /**
     * The next block.
     *
     * @return null while none was read; to be given back with {@link #free}
     */
    SnapshotBlock poll();

    /**
     * Gives a block back.
     *
     * @param block of {@link #poll}
     */
    void free(SnapshotBlock block);

    /** A database is in memory again: who waits for it may be on another thread, and asleep. */
    void loaded();

    /**
     * Why databases that left memory cannot be read.
     *
     * @return null while they can; else the node must stop
     */
    JournalFailedException failure();
}
