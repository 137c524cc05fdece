package io.lockstep.engine.arbitration;

import io.lockstep.engine.snapshot.SnapshotException;

/** What a snapshot says of the walk over one database, until the state is exact again. */
final class RestoredWindow {
    private final Database database;
    private final long startSequence;
    private long endSequence = Long.MAX_VALUE;
    private long liveHigh;
    private long liveLow;
    private long secondHigh;
    private long secondLow;
    private boolean marked;
    private long markWallCounter;
    private long markSiteHigh;
    private long markSiteLow;
    private int markOpSeq;
    private long pruneBeforeMs = Long.MIN_VALUE;
    private boolean settled;

    RestoredWindow(final Database database) {
        this.database = database;
        startSequence = database.sequence();
    }

    Database database() {
        return database;
    }

    /** Records up to it are in the snapshot whole. */
    long startSequence() {
        return startSequence;
    }

    /** Records up to it were made during the walk. */
    long endSequence() {
        return endSequence;
    }

    /** Whether the state was seen to be that of the end. */
    boolean isSettled() {
        return settled;
    }

    void end(final long sequence) {
        endSequence = sequence;
    }

    void live(final long high, final long low) {
        liveHigh = high;
        liveLow = low;
    }

    void second(final long high, final long low) {
        secondHigh = high;
        secondLow = low;
    }

    void mark(final long wallCounter, final long siteHigh, final long siteLow, final int opSeq) {
        marked = true;
        markWallCounter = wallCounter;
        markSiteHigh = siteHigh;
        markSiteLow = siteLow;
        markOpSeq = opSeq;
    }

    /** A prune within the window: it is done at the end, when the tombstones are in order. */
    void prune(final long beforeMs) {
        pruneBeforeMs = Math.max(pruneBeforeMs, beforeMs);
    }

    /** The effects of the last record of the window were applied. */
    void close() {
        database.tombstoneList().sort();
        closeSorted();
    }

    /** As {@link #close()}, with tombstones that are in the order of their times. */
    void closeSorted() {
        final Tombstones tombstones = database.tombstoneList();
        tombstones.prune(pruneBeforeMs);
        if (marked) {
            tombstones.raiseMark(markWallCounter, markSiteHigh, markSiteLow, markOpSeq);
        }
        if (database.liveDigestHigh() != liveHigh || database.liveDigestLow() != liveLow) {
            throw new SnapshotException("live cells differ: database=" + database.name() + ", sequence=" + endSequence
                    + ", recorded=" + hex(liveHigh, liveLow) + ", restored="
                    + hex(database.liveDigestHigh(), database.liveDigestLow()));
        }
        settle();
    }

    /**
     * A prune at the sequence of the end: whether the walk saw it nothing tells, but doing it again changes nothing.
     */
    void pruneAtEnd(final long beforeMs) {
        database.tombstoneList().prune(beforeMs);
        settle();
    }

    /** Nothing that the walk may have seen comes any more. */
    void requireSettled() {
        if (!settled) {
            throw new SnapshotException("tombstones, migrations or prune mark differ: database=" + database.name()
                    + ", sequence=" + endSequence + ", recorded=" + hex(secondHigh, secondLow) + ", restored="
                    + hex(database.secondDigestHigh(), database.secondDigestLow()));
        }
    }

    private void settle() {
        settled |= database.secondDigestHigh() == secondHigh && database.secondDigestLow() == secondLow;
    }

    private static String hex(final long high, final long low) {
        return Long.toHexString(high) + "-" + Long.toHexString(low);
    }
}
