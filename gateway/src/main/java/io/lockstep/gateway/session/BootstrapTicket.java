package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.bootstrap.SnapshotPlace;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One errand of a session to the snapshots: the next page. At any time one thread owns it; it goes to the reader and comes
 * back through queues, and a session has one at most.
 */
final class BootstrapTicket {
    /** What became of it. */
    enum Result {
        /** There is a page, and more after it. */
        PAGE,
        /** There is a page, the last one. */
        LAST,
        /** No snapshot holds the database. */
        NO_SNAPSHOT,
        /** The checkpoint is not one that can be gone on from. */
        CHECKPOINT_REFUSED,
        /** An entry is longer than a page may be. */
        TOO_LARGE
    }

    private final Bootstrap owner;
    private final long requestId;
    private final long pageBytesMax;
    private final ChangeFilters filters;
    private final CheckpointHolder holder;
    private final byte[] checkpoint;
    private final boolean takesParts;
    private final SnapshotPlace place = new SnapshotPlace();
    private final int databaseId;
    private boolean standing;

    private Result result;
    private UnsafeBuffer page;
    private int length;
    private long tooLargeBytes;
    private String text;

    BootstrapTicket(
            final Bootstrap owner,
            final long requestId,
            final int databaseId,
            final long pageBytesMax,
            final ChangeFilters filters,
            final CheckpointHolder holder,
            final byte[] checkpoint,
            final boolean takesParts) {
        this.owner = owner;
        this.requestId = requestId;
        this.databaseId = databaseId;
        this.pageBytesMax = pageBytesMax;
        this.filters = filters;
        this.holder = holder;
        this.checkpoint = checkpoint;
        this.takesParts = takesParts;
    }

    /** Whether the client can put a value together that comes in parts. */
    boolean takesParts() {
        return takesParts;
    }

    Bootstrap owner() {
        return owner;
    }

    long requestId() {
        return requestId;
    }

    int databaseId() {
        return databaseId;
    }

    long pageBytesMax() {
        return pageBytesMax;
    }

    ChangeFilters filters() {
        return filters;
    }

    CheckpointHolder holder() {
        return holder;
    }

    /** What the client sent; empty to begin. */
    byte[] checkpoint() {
        return checkpoint;
    }

    /** Where the next page begins, once it {@link #isStanding()}. */
    SnapshotPlace place() {
        return place;
    }

    /** Whether the place is known; at first there is only what the client sent. */
    boolean isStanding() {
        return standing;
    }

    void stand() {
        standing = true;
    }

    void page(final UnsafeBuffer newPage, final int newLength, final boolean last) {
        result = last ? Result.LAST : Result.PAGE;
        page = newPage;
        length = newLength;
    }

    void refused(final Result why, final String newText) {
        result = why;
        text = newText;
        page = null;
    }

    void tooLarge(final long bytes) {
        refused(Result.TOO_LARGE, "an entry of the state is over what a page may have");
        tooLargeBytes = bytes;
    }

    Result result() {
        return result;
    }

    /** Null unless there is one. */
    UnsafeBuffer page() {
        return page;
    }

    int length() {
        return length;
    }

    long tooLargeBytes() {
        return tooLargeBytes;
    }

    /** Why there is no page. */
    String text() {
        return text;
    }
}
