package io.lockstep.gateway.session;

/** What takes one session longer than an answer: deliveries, the pages of a snapshot, a prune. Thread of the transports. */
final class SessionStreams {
    private Subscription subscription;
    private boolean subscribedBefore;
    private Bootstrap bootstrap;
    private Prune prune;
    private Upload upload;
    private long answeredUploadId = -1;

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

    /** Null unless there is one. */
    Upload upload() {
        return upload;
    }

    /** Whether an upload has come whole, and is not answered. */
    boolean awaitsUpload() {
        return upload != null && upload.state() != Upload.State.RECEIVING;
    }

    /** The one before goes on without a session. */
    void upload(final Upload newUpload) {
        if (upload != null && upload != newUpload) {
            upload.attach(null, -1);
        }
        upload = newUpload;
    }

    /** An UploadChangeSet has one answer: parts that come after it are taken no notice of. */
    void uploadAnswered(final long requestId) {
        answeredUploadId = requestId;
        if (upload != null && upload.requestId() == requestId) {
            upload(null);
        }
    }

    /** Whether an answer is on its way, or was given: a part of it changes nothing. */
    boolean needsNoParts(final long requestId) {
        return requestId == answeredUploadId || (upload != null && upload.requestId() == requestId && upload.isWhole());
    }

    /** It is asked for. */
    void uploadBegins() {
        answeredUploadId = -1;
    }

    /** It is another session's from now on, or over. */
    void forget(final Upload ended) {
        if (upload == ended) {
            upload = null;
        }
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
        upload(null);
        endDeliveries();
    }

    /** What was asked for is still answered. */
    void endDeliveries() {
        endSubscription();
        if (bootstrap != null) {
            bootstrap.end();
            bootstrap = null;
        }
    }
}
