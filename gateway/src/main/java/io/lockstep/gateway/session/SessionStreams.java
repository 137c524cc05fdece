package io.lockstep.gateway.session;

/** What flows to one session beside answers: deliveries, and the pages of a snapshot. Thread of the transports. */
final class SessionStreams {
    private Subscription subscription;
    private boolean subscribedBefore;
    private Bootstrap bootstrap;

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
