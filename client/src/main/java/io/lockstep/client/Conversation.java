package io.lockstep.client;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.wire.AnswerListener;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.ProtocolException;
import io.lockstep.client.wire.Requests;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.UploadStateDecoder;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What was asked and what was answered, across connections: submissions, the database, the subscription, and requests
 * that are asked once. It knows nothing of how connections come and go. One thread.
 */
final class Conversation implements AnswerListener {
    private final ClientListener listener;
    private final MessagePublisher publisher;
    private final boolean automaticRetry;
    private final Submissions submissions;
    private final SubscriptionState subscription;
    private final DatabaseBinding binding;
    private final Requests requests = new Requests();
    private final SnapshotRequest snapshotRequest;
    private final RetryTime retryTime;
    private SessionInfo.Limits limits;
    private int frameBytesMax;
    private long nowNs;
    private boolean draining;

    Conversation(
            final ClientContext context,
            final boolean automaticCredit,
            final MessagePublisher publisher,
            final ClientListener listener) {
        this.listener = listener;
        this.publisher = publisher;
        automaticRetry = context.automaticRetry();
        submissions = new Submissions(context, publisher, listener, requests);
        subscription = new SubscriptionState(context, automaticCredit, publisher, listener);
        binding = new DatabaseBinding(publisher);
        snapshotRequest = new SnapshotRequest(publisher, requests);
        retryTime = new RetryTime(context.seed());
    }

    /** A duty cycle begins. */
    void time(final long newNowNs) {
        nowNs = newNowNs;
    }

    /** A session begins; what was asked before is asked again by {@link #pump}. */
    void start(final SessionInfo.Limits newLimits, final int newFrameBytesMax) {
        limits = newLimits;
        frameBytesMax = newFrameBytesMax;
        draining = false;
    }

    /** Nothing new goes out on this connection. */
    void drain() {
        draining = true;
        submissions.hold();
    }

    int pump() {
        int work = binding.request(nowNs) + subscription.tellUnheard();
        if (binding.isOpen()) {
            work += submissions.pump(nowNs);
            work += draining ? 0 : subscription.request(frameBytesMax);
            work += subscription.pump();
        }
        return work;
    }

    boolean isIdle() {
        return submissions.inFlight() == 0 && requests.count() == 0 && !subscription.isEnding();
    }

    int pendingCount() {
        return submissions.pendingCount();
    }

    boolean isOpen() {
        return binding.isOpen();
    }

    SubscriptionState subscription() {
        return subscription;
    }

    long nextDeadlineNs(final long otherwiseNs) {
        return binding.nextDeadlineNs(submissions.nextDeadlineNs(otherwiseNs));
    }

    void connectionLost(final String reason, final boolean blame) {
        draining = false;
        subscription.tellUnheard();
        binding.connectionLost();
        subscription.connectionLost();
        submissions.connectionLost(blame);
        snapshotRequest.connectionLost();
        requests.drain(id -> listener.onError(id, ErrorCodes.CONNECTION_LOST, 0, -1, -1, reason));
    }

    void end(final String reason) {
        subscription.tellUnheard();
        subscription.end();
        binding.end();
        submissions.failAll(ErrorCodes.CLIENT_CLOSED, reason);
        requests.drain(id -> listener.onError(id, ErrorCodes.CLIENT_CLOSED, 0, -1, -1, reason));
    }

    Submissions submissions() {
        return submissions;
    }

    long openDatabase(final DatabaseOptions options) {
        if (binding.isWanted()) {
            return Refusal.NOT_ALLOWED;
        }
        binding.begin(requests.newId(), options);
        return binding.requestId();
    }

    long subscribe(final Cursor cursor, final boolean excludeOwn, final List<TableFilter> filters) {
        if (subscription.isActive()) {
            return Refusal.NOT_ALLOWED;
        }
        subscription.begin(requests.newId(), cursor, excludeOwn, filters);
        return subscription.requestId();
    }

    long changeFilters(final List<TableFilter> filters) {
        return subscription.change(requests.newId(), filters);
    }

    long unsubscribe() {
        if (!subscription.isActive() || subscription.isEnding()) {
            return Refusal.NOT_ALLOWED;
        }
        if (!subscription.isRequested()) {
            final long id = requests.newId();
            subscription.endUnheard(id);
            return id;
        }
        return ask(publisher::unsubscribe);
    }

    long ackCursor(final long sequence) {
        if (!subscription.isActive()) {
            return Refusal.NOT_ALLOWED;
        }
        subscription.ack(sequence);
        return 0;
    }

    long readState(final long row, final Checkpoint within, final int pageBytesMax, final List<TableFilter> filters) {
        final boolean understood = filters.isEmpty() || publisher.filtered().takesFilters();
        final long refusal = understood ? binding.refusal() : Refusal.NOT_ALLOWED;
        return refusal < 0
                ? refusal
                : ask(id -> publisher.filtered().readState(id, row, within.toBytes(), pageBytesMax, filters));
    }

    long readSnapshot(
            final int pageBytesMax, final int pages, final List<TableFilter> filters, final Checkpoint checkpoint) {
        final long refusal = binding.refusal();
        return refusal < 0 ? refusal : snapshotRequest.ask(pageBytesMax, pages, filters, checkpoint);
    }

    long readStatus() {
        return ask(publisher::readStatus);
    }

    long readDatabases(final long firstId) {
        return ask(id -> publisher.readDatabases(id, firstId));
    }

    long prune(final long horizonMs) {
        return binding.isOpen() ? ask(id -> publisher.prune(id, horizonMs)) : binding.refusal();
    }

    long refreshToken(final String token) {
        return ask(id -> publisher.refreshToken(id, token));
    }

    long close() {
        final long id = requests.newId();
        return publisher.close(id) ? id : Refusal.BUFFER_FULL;
    }

    private long ask(final LongPredicate publish) {
        final long id = requests.newId();
        if (!requests.hasRoom() || !publish.test(id)) {
            return requests.hasRoom() ? Refusal.BUFFER_FULL : Refusal.WINDOW_FULL;
        }
        requests.add(id);
        return id;
    }

    @Override
    public void onDatabaseOpened(final DatabaseOpenedDecoder opened) throws ProtocolException {
        if (!binding.isAwaited(opened.requestId())) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(), "DatabaseOpened: requestId=" + opened.requestId());
        }
        binding.opened();
        submissions.start(limits, frameBytesMax);
        if (draining) {
            submissions.hold();
        }
        listener.onDatabaseOpened(opened.requestId(), DatabaseInfo.decode(binding.name(), opened));
    }

    @Override
    public void onUploadState(final UploadStateDecoder state) {
        submissions.onUploadState(state);
    }

    @Override
    public void onSubmitResult(final SubmitResultDecoder result) {
        final long id = result.requestId();
        if (!submissions.isInFlight(id)) {
            return;
        }
        if (automaticRetry
                && result.statusRaw() == SubmitStatus.REFUSED.value()
                && ErrorCodes.isRetryable(result.reason())) {
            submissions.retry(id, retryTime.atNs(nowNs, 0));
            listener.onHeldUp(id, result.reason());
            return;
        }
        submissions.answered(id);
        listener.onResult(id, result);
    }

    /** A refusal of whatever it names; the connection's own are told as well. */
    void onError(final ErrorDecoder error) {
        final long id = error.requestId();
        snapshotRequest.ended(id);
        final int code = error.codeRaw();
        final boolean retry = automaticRetry && ErrorCodes.isRetryable(code);
        if (submissions.isInFlight(id)) {
            if (retry) {
                submissions.retry(id, retryTime.atNs(nowNs, error.retryAfterMs()));
                listener.onHeldUp(id, code);
            } else if (!ErrorCodes.isOfConnectionAlone(code)
                    && !submissions.isSentAnew(id, code, retryTime.atNs(nowNs, 0))) {
                submissions.answered(id);
                tell(id, error, error.text());
            }
        } else if (binding.isAwaited(id)) {
            onOpenError(error, retry);
        } else if (subscription.isActive() && id == subscription.requestId()) {
            subscription.end();
            tell(id, error, error.text());
        } else if (id < 0 || requests.remove(id) || subscription.isChangeRefused(id)) {
            tell(id, error, error.text());
        }
    }

    private void onOpenError(final ErrorDecoder error, final boolean retry) {
        if (retry) {
            binding.again(retryTime.atNs(nowNs, error.retryAfterMs()));
            listener.onHeldUp(error.requestId(), error.codeRaw());
            return;
        }
        final String text = error.text();
        final int code = error.codeRaw();
        binding.end();
        tell(error.requestId(), error, text);
        submissions.failAll(code, "the database could not be opened: " + text);
    }

    private void tell(final long id, final ErrorDecoder error, final String text) {
        listener.onError(id, error.codeRaw(), error.retryAfterMs(), error.limitValue(), error.actualValue(), text);
    }

    @Override
    public void onTokenStatus(final TokenStatusDecoder status) {
        requests.remove(status.requestId());
        listener.onTokenStatus(status.requestId(), status.expiresMs());
    }

    @Override
    public void onUnsubscribed(final UnsubscribedDecoder unsubscribed) {
        if (requests.remove(unsubscribed.requestId())) {
            subscription.end();
            listener.onUnsubscribed(unsubscribed.requestId(), unsubscribed.sequence());
        }
    }

    @Override
    public void onResetRequired(final ResetRequiredDecoder reset) {
        if (subscription.isActive() && reset.requestId() == subscription.requestId()) {
            subscription.end();
            listener.onResetRequired(reset.requestId(), reset);
        }
    }

    @Override
    public void onStatePage(final StatePageDecoder page) {
        if (requests.remove(page.requestId())) {
            listener.onStatePage(page.requestId(), page);
        }
    }

    @Override
    public void onSnapshotPage(final SnapshotPageDecoder page) {
        if (snapshotRequest.onPage(page)) {
            listener.onSnapshotPage(page.requestId(), page);
        }
    }

    @Override
    public void onStatusReport(final StatusReportDecoder report) {
        if (requests.remove(report.requestId())) {
            listener.onStatus(report.requestId(), report);
        }
    }

    @Override
    public void onDatabaseList(final DatabaseListDecoder list) {
        if (requests.remove(list.requestId())) {
            listener.onDatabases(list.requestId(), list);
        }
    }

    @Override
    public void onPruneResult(final PruneResultDecoder result) {
        if (requests.remove(result.requestId())) {
            listener.onPruned(result.requestId(), result);
        }
    }
}
