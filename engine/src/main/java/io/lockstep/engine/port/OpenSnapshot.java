package io.lockstep.engine.port;

import org.agrona.DirectBuffer;

/**
 * A snapshot that can be read block by block, by database. It stays readable when its file is deleted meanwhile. A block
 * is named by a number that means something in this snapshot alone. One thread.
 */
public interface OpenSnapshot {
    /**
     * Which one it is.
     *
     * @return position of the journal at which its walk began
     */
    long position();

    /**
     * The first block of a database.
     *
     * @param databaseId of the database
     * @return -1 if the snapshot does not hold it
     */
    long firstBlock(int databaseId);

    /**
     * What follows the last block of a database.
     *
     * @param databaseId of a database that it holds
     * @return a block that is not the database's
     */
    long endBlock(int databaseId);

    /**
     * Bytes that a database takes before a block.
     *
     * @param databaseId of a database that it holds
     * @param block of that database, or its end
     * @return bytes
     */
    long bytesBefore(int databaseId, long block);

    /**
     * Goes to a block; its entries are not read yet.
     *
     * @param block of this snapshot
     * @throws io.lockstep.engine.snapshot.SnapshotException if there is none
     */
    void block(long block);

    /**
     * The block after the one gone to.
     *
     * @return a block, or the snapshot's end
     */
    long nextBlock();

    /**
     * Whether the block gone to holds names, and no rows.
     *
     * @return false for rows
     */
    boolean holdsNames();

    /**
     * Reads the block gone to, and checks it. Costs nothing when it is the one that was read last.
     *
     * @return its entries from 0 on, until another block is read
     * @throws io.lockstep.engine.snapshot.SnapshotException if it is damaged
     */
    DirectBuffer entries();

    /**
     * Bytes of the entries.
     *
     * @return 0 or more
     */
    int length();
}
