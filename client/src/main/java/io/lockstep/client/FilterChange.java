package io.lockstep.client;

import io.lockstep.client.model.TableFilter;
import io.lockstep.client.wire.FilterPublisher;
import io.lockstep.codec.ErrorCode;
import java.util.List;

/**
 * The one change of filters that is wanted and not answered. It goes out on the subscription that is there; when the
 * connection is lost, the next Subscribe brings the new filters, and they hold from the cursor on. One thread.
 */
final class FilterChange {
    private static final long NONE = -1;

    private long id = NONE;
    private List<TableFilter> filters;
    private boolean sent;
    private boolean subscribing;

    boolean isWanted() {
        return id != NONE;
    }

    void begin(final long newId, final List<TableFilter> newFilters) {
        id = newId;
        filters = newFilters;
        sent = false;
        subscribing = false;
    }

    /** The filters for a Subscribe that stands for the change. */
    List<TableFilter> bySubscribe() {
        subscribing = true;
        return filters;
    }

    void connectionLost() {
        sent = false;
        subscribing = false;
    }

    /** Deliveries follow after a sequence, with the new filters if the Subscribe had them. */
    void subscribed(final long sequence, final ClientListener listener) {
        if (isWanted() && subscribing) {
            final long done = id;
            id = NONE;
            listener.onSubscriptionChanged(done, sequence);
        }
    }

    int pump(final FilterPublisher publisher) {
        if (!isWanted() || sent || subscribing) {
            return 0;
        }
        sent = publisher.changeSubscription(id, filters);
        return sent ? 1 : 0;
    }

    /** The filters that hold now; null if nobody asked. */
    List<TableFilter> answered(final long requestId) {
        if (!sent || id != requestId) {
            return null;
        }
        id = NONE;
        return filters;
    }

    boolean isRefused(final long requestId) {
        if (!isWanted() || id != requestId) {
            return false;
        }
        id = NONE;
        return true;
    }

    /** The subscription is over. */
    void end(final ClientListener listener) {
        if (isWanted()) {
            final long ended = id;
            id = NONE;
            listener.onError(ended, ErrorCode.NOT_SUBSCRIBED.value(), 0, -1, -1, "the subscription ended first");
        }
    }
}
