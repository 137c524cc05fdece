package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitResultDecoder;

/**
 * What happens to a {@link LockstepClient}. All calls come from inside {@link LockstepClient#poll} or
 * {@link LockstepClient#close}, on the thread that calls it. A callback may use the client's requests (submit, subscribe,
 * grantCredit, …) but neither poll nor await. Decoders are reused: they and the bytes beneath them are valid until the
 * callback returns. Every method does nothing by default.
 */
public interface ClientListener {
    /**
     * The node has welcomed the client; also after each reconnect.
     *
     * @param session what it said
     */
    default void onConnected(final SessionInfo session) {}

    /**
     * The database is open; also after each reconnect. Unanswered change sets are sent again from here on.
     *
     * @param requestId of the {@link LockstepClient#openDatabase}
     * @param database what the node said of it
     */
    default void onDatabaseOpened(final long requestId, final DatabaseInfo database) {}

    /**
     * A change set was arbitrated and its result is as durable as the node promises.
     *
     * @param requestId of the submission
     * @param result its outcome
     */
    default void onResult(final long requestId, final SubmitResultDecoder result) {}

    /**
     * A request was refused and is not tried again.
     *
     * @param requestId of the request, or -1 of the connection itself
     * @param code see {@link ErrorCodes}
     * @param retryAfterMs for retryable codes: not before
     * @param limitValue the limit that was met, -1 if none
     * @param actualValue what met it, -1 if none
     * @param text for people
     */
    default void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {}

    /**
     * A request was refused for now, and will be made again by itself.
     *
     * @param requestId of the request
     * @param code why, see {@link ErrorCodes}
     */
    default void onHeldUp(final long requestId, final int code) {}

    /**
     * A change set was in flight at several losses of a connection. It is sent again, with nothing else in flight, so
     * that a set that breaks the node can be told from one that was only near.
     *
     * @param requestId of the submission
     * @param losses connections lost with it in flight
     */
    default void onSuspectResent(final long requestId, final int losses) {}

    /**
     * Deliveries follow; also after each reconnect.
     *
     * @param requestId of the {@link LockstepClient#subscribe}
     * @param cursor where they start
     * @param databaseSequence the committed sequence now
     */
    default void onSubscribed(final long requestId, final Cursor cursor, final long databaseSequence) {}

    /**
     * The effects of one sequence; sequences come in order, each once, whatever happens to connections.
     *
     * @param delivery its effects
     * @param frameBytes what it costs of the credit, to be granted again where credit is not granted automatically
     */
    default void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {}

    /**
     * Nothing between two sequences matched the subscription: the cursor has moved.
     *
     * @param progress from where, and how far
     */
    default void onProgress(final ProgressDecoder progress) {}

    /**
     * Other filters hold for everything after a sequence, and for nothing up to it.
     *
     * @param requestId of the {@link LockstepClient#changeFilters}
     * @param sequence the last one of the filters before
     */
    default void onSubscriptionChanged(final long requestId, final long sequence) {}

    /**
     * The subscription ended as asked.
     *
     * @param requestId of the {@link LockstepClient#unsubscribe}
     * @param sequence the last sequence delivered
     */
    default void onUnsubscribed(final long requestId, final long sequence) {}

    /**
     * The cursor cannot be served: the subscription is over, the state must be read anew.
     *
     * @param requestId of the {@link LockstepClient#subscribe}
     * @param reset why
     */
    default void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {}

    /**
     * A page of state.
     *
     * @param requestId of the {@link LockstepClient#readState}
     * @param page whole rows as of its own sequence
     */
    default void onStatePage(final long requestId, final StatePageDecoder page) {}

    /**
     * A change set that is sent in parts is under way.
     *
     * @param requestId of the submission
     * @param receivedBytes what the node has of it
     * @param totalBytes what there is
     */
    default void onUploadProgress(final long requestId, final long receivedBytes, final long totalBytes) {}

    /**
     * A piece of a snapshot.
     *
     * @param requestId of the {@link LockstepClient#readSnapshot}, which brings as many as were asked for
     * @param page the last of the snapshot says so
     */
    default void onSnapshotPage(final long requestId, final SnapshotPageDecoder page) {}

    /**
     * How the node is.
     *
     * @param requestId of the {@link LockstepClient#readStatus}
     * @param report named values
     */
    default void onStatus(final long requestId, final StatusReportDecoder report) {}

    /**
     * The database was pruned.
     *
     * @param requestId of the {@link LockstepClient#prune}
     * @param result what went
     */
    default void onPruned(final long requestId, final PruneResultDecoder result) {}

    /**
     * Some of the node's databases.
     *
     * @param requestId of the {@link LockstepClient#readDatabases}
     * @param list those that the token may open, and where to go on
     */
    default void onDatabases(final long requestId, final DatabaseListDecoder list) {}

    /**
     * The token was replaced, or is about to expire.
     *
     * @param requestId of the {@link LockstepClient#refreshToken}, or -1 for a warning
     * @param expiresMs milliseconds since 1970, 0 never
     */
    default void onTokenStatus(final long requestId, final long expiresMs) {}

    /**
     * The node goes away. The client drains and reconnects by itself.
     *
     * @param address where to, empty for the same
     * @param reconnectAfterMs not before
     * @param reason for people
     */
    default void onGoAway(final String address, final long reconnectAfterMs, final String reason) {}

    /**
     * The connection ended, or an attempt to connect failed. Unless {@link LockstepClient#isClosed}, the client tries
     * again by itself.
     *
     * @param reason for people
     */
    default void onDisconnected(final String reason) {}
}
