package io.lockstep.client;

import io.lockstep.client.model.SnapshotPage;

/** Gets a database's state out of a snapshot, piece by piece, on the thread that reads it. */
@FunctionalInterface
public interface SnapshotListener {
    /**
     * The next page. What it brings may be kept; with its checkpoint another connection, or another process, goes on
     * after it.
     *
     * @param page cells, migrations, and how far it is
     */
    void onPage(SnapshotPage page);

    /**
     * What came so far is void: the node gave the snapshot up, and reading starts over.
     *
     * @param reason for people
     */
    default void onStartOver(final String reason) {}
}
