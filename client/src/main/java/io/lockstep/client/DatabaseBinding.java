package io.lockstep.client;

import io.lockstep.client.wire.MessagePublisher;

/** The one database of a client: asked for again on each connection. One thread. */
final class DatabaseBinding {
    private static final long NONE = -1;

    private final MessagePublisher publisher;
    private DatabaseOptions options;
    private long requestId = NONE;
    private boolean requested;
    private boolean open;
    private boolean waiting;
    private long notBeforeNs;

    DatabaseBinding(final MessagePublisher publisher) {
        this.publisher = publisher;
    }

    void begin(final long newRequestId, final DatabaseOptions newOptions) {
        requestId = newRequestId;
        options = newOptions;
        requested = false;
        open = false;
        waiting = false;
    }

    void end() {
        requestId = NONE;
        options = null;
        requested = false;
        open = false;
        waiting = false;
    }

    void connectionLost() {
        requested = false;
        open = false;
        waiting = false;
    }

    boolean isWanted() {
        return requestId != NONE;
    }

    /** For what needs an open database: 0 if it is, not connected while it is being opened again. */
    long refusal() {
        if (isOpen()) {
            return 0;
        }
        return isWanted() ? Refusal.NOT_CONNECTED : Refusal.NOT_ALLOWED;
    }

    boolean isOpen() {
        return open;
    }

    boolean isAwaited(final long id) {
        return requested && !open && id == requestId;
    }

    long requestId() {
        return requestId;
    }

    String name() {
        return options == null ? "" : options.name();
    }

    void opened() {
        open = true;
    }

    void again(final long newNotBeforeNs) {
        requested = false;
        waiting = true;
        notBeforeNs = newNotBeforeNs;
    }

    int request(final long nowNs) {
        if (requestId == NONE || requested || (waiting && nowNs - notBeforeNs < 0)) {
            return 0;
        }
        requested = publisher.openDatabase(
                requestId,
                options.name(),
                options.create(),
                options.rowPolicy(),
                options.keyForm(),
                options.maxDriftMs());
        waiting = waiting && !requested;
        return requested ? 1 : 0;
    }

    long nextDeadlineNs(final long otherwiseNs) {
        return waiting && notBeforeNs - otherwiseNs < 0 ? notBeforeNs : otherwiseNs;
    }
}
