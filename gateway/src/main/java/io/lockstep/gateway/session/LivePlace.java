package io.lockstep.gateway.session;

/** Where a subscription stands in the lists of those who have it. Thread of the transports. */
abstract class LivePlace {
    private int liveIndex = -1;
    private RoutedEntry routed;
    private int sweepIndex = -1;

    /** Its place among the live ones without filters; -1 if it is not among them. */
    final int liveIndex() {
        return liveIndex;
    }

    final void liveIndex(final int index) {
        liveIndex = index;
    }

    final boolean isLive() {
        return liveIndex >= 0 || routed != null;
    }

    /** Null unless it is live by its filters. */
    final RoutedEntry routed() {
        return routed;
    }

    final void routed(final RoutedEntry entry) {
        routed = entry;
    }

    /** Its place among those that are told of progress; -1 if it is not among them. */
    final int sweepIndex() {
        return sweepIndex;
    }

    final void sweepIndex(final int index) {
        sweepIndex = index;
    }
}
