package io.lockstep.gateway.session;

/** What takes one session longer than an answer: deliveries, the pages of a snapshot, a prune. Thread of the transports. */
final class SessionStreams {
    private Subscription subscription;
    private boolean subscribedBefore;
    private Bootstrap bootstrap;
    private Prune prune;

    void subscribe(final Subscription newSubscription) {
        subscription = newSubscription;
        subscribedBefore = true;
    }

    void endSubscription() {
        if (subscription != null) {
            subscription.end();
            subscription = null;
        }
    }

    /** Null unless there is one. */
    Subscription subscription() {
        return subscription;
    }

    /** Whether there is or was a subscription, whose last messages may still be on their way. */
    boolean subscribedBefore() {
        return subscribedBefore;
    }

    void bootstrap(final Bootstrap newBootstrap) {
        bootstrap = newBootstrap;
    }

    boolean isBootstrapping() {
        return bootstrap != null && !bootstrap.isDone();
    }

    /** Null unless one is under way. */
    Prune prune() {
        return prune;
    }

    void prune(final Prune newPrune) {
        prune = newPrune;
    }

    /** There may be room for more. */
    void pump() {
        if (subscription != null) {
            subscription.pump();
        }
        if (bootstrap != null) {
            bootstrap.pump();
        }
    }

    void end() {
        endSubscription();
        if (bootstrap != null) {
            bootstrap.end();
            bootstrap = null;
        }
    }
}
