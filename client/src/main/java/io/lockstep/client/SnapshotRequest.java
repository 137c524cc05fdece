package io.lockstep.client;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.Requests;
import io.lockstep.codec.SnapshotPageDecoder;
import java.util.List;

/** The one request for pages of a snapshot, which is answered by several. One thread. */
final class SnapshotRequest {
    private static final long NONE = -1;

    private final MessagePublisher publisher;
    private final Requests requests;
    private long requestId = NONE;
    private int pagesLeft;

    SnapshotRequest(final MessagePublisher publisher, final Requests requests) {
        this.publisher = publisher;
        this.requests = requests;
    }

    long ask(final int pageBytesMax, final int pages, final List<TableFilter> filters, final Checkpoint checkpoint) {
        if (requestId != NONE || !publisher.filtered().takesFilters()) {
            return Refusal.NOT_ALLOWED;
        }
        if (!requests.hasRoom()) {
            return Refusal.WINDOW_FULL;
        }
        final long id = requests.newId();
        if (!publisher.filtered().readSnapshot(id, pageBytesMax, pages, filters, checkpoint.toBytes())) {
            return Refusal.BUFFER_FULL;
        }
        requests.add(id);
        requestId = id;
        pagesLeft = pages;
        return id;
    }

    /** Whether somebody waits for it. */
    boolean onPage(final SnapshotPageDecoder page) {
        final long id = page.requestId();
        if (id != requestId) {
            return false;
        }
        pagesLeft--;
        if (pagesLeft == 0 || page.flags().last()) {
            ended(id);
            requests.remove(id);
        }
        return true;
    }

    /** A request ended, this or another. */
    void ended(final long id) {
        requestId = id == requestId ? NONE : requestId;
    }

    void connectionLost() {
        requestId = NONE;
    }
}
