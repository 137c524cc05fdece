package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;

/** A live subscription with filters, as {@link SubscriptionIndex} knows it. One thread. */
final class RoutedEntry {
    private final Subscription subscription;
    private final ChangeFilters filters;
    private final Route.Member[] members;
    private long collected;

    RoutedEntry(final Subscription subscription, final ChangeFilters filters) {
        this.subscription = subscription;
        this.filters = filters;
        members = new Route.Member[filters.count() + 1];
    }

    Subscription subscription() {
        return subscription;
    }

    ChangeFilters filters() {
        return filters;
    }

    /** A place for each filter, and one among all. */
    Route.Member[] members() {
        return members;
    }

    /** False if it was collected for this sequence before. */
    boolean collect(final long sequence) {
        if (collected == sequence) {
            return false;
        }
        collected = sequence;
        return true;
    }
}
