package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Turns callbacks of the core into completed futures. The client's thread, but for what is volatile. */
final class FutureListener implements ClientListener {
    private final Map<Long, CompletableFuture<?>> futures = new HashMap<>();
    private final CompletableFuture<SessionInfo> connected = new CompletableFuture<>();
    private final AtomicLong sessions = new AtomicLong();
    private final int attemptsMax;
    private DeliveryDispatcher dispatcher;
    private int attempts;
    private int connectionErrorCode = ErrorCodes.CONNECT_FAILED;
    private volatile SessionInfo session;

    /**
     * A listener.
     *
     * @param attemptsMax after so many failed attempts the first connection is given up
     */
    FutureListener(final int attemptsMax) {
        this.attemptsMax = attemptsMax;
    }

    CompletableFuture<SessionInfo> connected() {
        return connected;
    }

    SessionInfo session() {
        return session;
    }

    /** How many sessions there were; it changes when a connection is made again. */
    long sessions() {
        return sessions.get();
    }

    void expect(final long requestId, final CompletableFuture<?> future) {
        futures.put(requestId, future);
    }

    void dispatcher(final DeliveryDispatcher newDispatcher) {
        dispatcher = newDispatcher;
    }

    DeliveryDispatcher dispatcher() {
        return dispatcher;
    }

    void ended(final ClientException cause) {
        connected.completeExceptionally(cause);
        final List<CompletableFuture<?>> left = new ArrayList<>(futures.values());
        futures.clear();
        left.forEach(future -> future.completeExceptionally(cause));
        endSubscription(each -> each.failed(cause));
    }

    @Override
    public void onConnected(final SessionInfo newSession) {
        session = newSession;
        sessions.incrementAndGet();
        connected.complete(newSession);
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo database) {
        complete(requestId, database);
    }

    @Override
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        complete(requestId, SubmitOutcome.decode(result));
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        final ClientException cause = new ClientException(code, retryAfterMs, limitValue, actualValue, text);
        final CompletableFuture<?> future = futures.remove(requestId);
        if (future != null) {
            future.completeExceptionally(cause);
        } else if (dispatcher != null && dispatcher.requestId() == requestId) {
            endSubscription(each -> each.failed(cause));
        } else if (requestId < 0) {
            connectionErrorCode = code;
        }
    }

    @Override
    public void onSubscribed(final long requestId, final Cursor cursor, final long databaseSequence) {
        if (dispatcher != null) {
            dispatcher.subscribed(cursor, databaseSequence);
        }
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {
        if (dispatcher != null) {
            dispatcher.delivered(Delivery.decode(delivery), frameBytes);
        }
    }

    @Override
    public void onProgress(final ProgressDecoder progress) {
        if (dispatcher != null) {
            dispatcher.progressed(Progress.decode(progress));
        }
    }

    @Override
    public void onSubscriptionChanged(final long requestId, final long sequence) {
        complete(requestId, sequence);
    }

    @Override
    public void onUnsubscribed(final long requestId, final long sequence) {
        endSubscription(DeliveryDispatcher::unsubscribed);
        complete(requestId, sequence);
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {
        final ResetReason reason = reset.reason();
        final String text = reset.text();
        endSubscription(each -> each.resetRequired(reason, text));
    }

    @Override
    public void onStatePage(final long requestId, final StatePageDecoder page) {
        complete(requestId, StatePage.decode(page));
    }

    @Override
    public void onSnapshotPage(final long requestId, final SnapshotPageDecoder page) {
        complete(requestId, SnapshotPage.decode(page));
    }

    @Override
    public void onStatus(final long requestId, final StatusReportDecoder report) {
        final Map<String, Object> values = new LinkedHashMap<>();
        for (final StatusReportDecoder.EntriesDecoder entry : report.entries()) {
            final long value = entry.value();
            final String name = entry.name();
            final String text = entry.text();
            values.put(name, text.isEmpty() ? (Object) value : text);
        }
        complete(requestId, values);
    }

    @Override
    public void onDatabases(final long requestId, final DatabaseListDecoder list) {
        complete(requestId, NodeDatabases.Page.decode(list));
    }

    @Override
    public void onPruned(final long requestId, final PruneResultDecoder result) {
        complete(requestId, result.pruned());
    }

    @Override
    public void onTokenStatus(final long requestId, final long expiresMs) {
        complete(requestId, expiresMs);
    }

    @Override
    public void onDisconnected(final String reason) {
        attempts++;
        if (attempts >= attemptsMax) {
            connected.completeExceptionally(new ClientException(connectionErrorCode, reason));
        }
    }

    private void endSubscription(final Consumer<DeliveryDispatcher> event) {
        final DeliveryDispatcher ended = dispatcher;
        dispatcher = null;
        if (ended != null) {
            event.accept(ended);
        }
    }

    /** Each future was made for the type of its request's answer. */
    @SuppressWarnings("unchecked")
    private void complete(final long requestId, final Object answer) {
        final CompletableFuture<Object> future = (CompletableFuture<Object>) futures.remove(requestId);
        if (future != null) {
            future.complete(answer);
        }
    }
}
