package io.lockstep.client.wire;

import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.UploadStateDecoder;

/** What a node says of requests; decoders are reused and valid until the call returns. */
public interface AnswerListener {
    /**
     * How far an upload is.
     *
     * @param state of the upload
     */
    void onUploadState(UploadStateDecoder state);

    /**
     * The session is bound.
     *
     * @param opened to what
     * @throws ProtocolException if it may not come now
     */
    void onDatabaseOpened(DatabaseOpenedDecoder opened) throws ProtocolException;

    /**
     * About the token.
     *
     * @param status when it expires
     */
    void onTokenStatus(TokenStatusDecoder status);

    /**
     * A change set was arbitrated.
     *
     * @param result its outcome
     */
    void onSubmitResult(SubmitResultDecoder result);

    /**
     * No delivery follows.
     *
     * @param unsubscribed until where
     */
    void onUnsubscribed(UnsubscribedDecoder unsubscribed);

    /**
     * The cursor cannot be served.
     *
     * @param reset why
     */
    void onResetRequired(ResetRequiredDecoder reset);

    /**
     * Whole rows.
     *
     * @param page as of its sequence
     */
    void onStatePage(StatePageDecoder page);

    /**
     * A piece of a snapshot.
     *
     * @param page more may follow for the same request
     */
    void onSnapshotPage(SnapshotPageDecoder page);

    /**
     * Named values.
     *
     * @param report how the node is
     */
    void onStatusReport(StatusReportDecoder report);

    /**
     * The database was pruned.
     *
     * @param result what went
     */
    void onPruneResult(PruneResultDecoder result);

    /**
     * Databases of the node.
     *
     * @param list some of them
     */
    void onDatabaseList(DatabaseListDecoder list);
}
