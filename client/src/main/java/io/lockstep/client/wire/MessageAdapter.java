package io.lockstep.client.wire;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.UploadStateDecoder;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import org.agrona.DirectBuffer;

/** Frames in, typed calls out; no decoder touches a frame that was not validated. One thread. */
public final class MessageAdapter {
    /** A node's own limits on names and keys may be other than this client's defaults: the frame limits them. */
    private static final int COUNT_MAX = 65_534;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final WelcomeDecoder welcome = new WelcomeDecoder();
    private final ErrorDecoder error = new ErrorDecoder();
    private final DatabaseOpenedDecoder databaseOpened = new DatabaseOpenedDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final GoAwayDecoder goAway = new GoAwayDecoder();
    private final TokenStatusDecoder tokenStatus = new TokenStatusDecoder();
    private final SubmitResultDecoder submitResult = new SubmitResultDecoder();
    private final SubscribedDecoder subscribed = new SubscribedDecoder();
    private final DeliveryDecoder delivery = new DeliveryDecoder();
    private final ProgressDecoder progress = new ProgressDecoder();
    private final SubscriptionChangedDecoder subscriptionChanged = new SubscriptionChangedDecoder();
    private final UnsubscribedDecoder unsubscribed = new UnsubscribedDecoder();
    private final ResetRequiredDecoder resetRequired = new ResetRequiredDecoder();
    private final StatePageDecoder statePage = new StatePageDecoder();
    private final SnapshotPageDecoder snapshotPage = new SnapshotPageDecoder();
    private final DeliveryPartDecoder part = new DeliveryPartDecoder();
    private final UploadStateDecoder uploadState = new UploadStateDecoder();
    private final DeliveryParts parts = new DeliveryParts();
    private final FrameValidator largeValidator;
    private final StatusReportDecoder statusReport = new StatusReportDecoder();
    private final PruneResultDecoder pruneResult = new PruneResultDecoder();
    private final DatabaseListDecoder databaseList = new DatabaseListDecoder();
    private final FrameValidator validator;
    private final SessionListener session;
    private final AnswerListener answers;
    private final SubscriptionListener subscription;

    /**
     * An adapter.
     *
     * @param frameBytesMax largest frame
     * @param session gets what is said of the session
     * @param answers gets what is said of requests
     * @param subscription gets what is said of the subscription
     */
    public MessageAdapter(
            final int frameBytesMax,
            final SessionListener session,
            final AnswerListener answers,
            final SubscriptionListener subscription) {
        validator = new FrameValidator(
                new FrameLimits(frameBytesMax, COUNT_MAX, COUNT_MAX, COUNT_MAX, COUNT_MAX, frameBytesMax));
        final int largeBytesMax = DeliveryParts.TOTAL_BYTES_MAX + FrameDescriptor.HEADER_LENGTH;
        largeValidator = new FrameValidator(
                new FrameLimits(largeBytesMax, COUNT_MAX, COUNT_MAX, COUNT_MAX, COUNT_MAX, largeBytesMax));
        this.session = session;
        this.answers = answers;
        this.subscription = subscription;
    }

    /**
     * Decodes a message.
     *
     * @param buffer holds it
     * @param offset of its message header
     * @param length bytes
     * @throws ProtocolException if it is not of the protocol, or may not come now
     */
    public void onMessage(final DirectBuffer buffer, final int offset, final int length) throws ProtocolException {
        if (!validator.validateServerMessage(buffer, offset, length)) {
            throw new ProtocolException(validator.errorCode().value(), validator.errorText());
        }
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case SubmitResultDecoder.TEMPLATE_ID ->
                answers.onSubmitResult(submitResult.wrapAndApplyHeader(buffer, offset, header));
            case DeliveryDecoder.TEMPLATE_ID ->
                subscription.onDelivery(
                        delivery.wrapAndApplyHeader(buffer, offset, header), length + FrameDescriptor.HEADER_LENGTH);
            case ErrorDecoder.TEMPLATE_ID -> session.onError(error.wrapAndApplyHeader(buffer, offset, header));
            case HeartbeatDecoder.TEMPLATE_ID ->
                session.onHeartbeat(heartbeat.wrapAndApplyHeader(buffer, offset, header));
            case StatePageDecoder.TEMPLATE_ID ->
                answers.onStatePage(statePage.wrapAndApplyHeader(buffer, offset, header));
            default -> onRareMessage(buffer, offset);
        }
    }

    /** Its credit is given back at once: the rest could not come otherwise. */
    private void onPart(final DirectBuffer buffer, final int offset) throws ProtocolException {
        part.wrapAndApplyHeader(buffer, offset, header);
        subscription.onPart(part.bytesLength() + FrameDescriptor.HEADER_LENGTH);
        if (!parts.add(part)) {
            return;
        }
        final DirectBuffer whole = parts.buffer();
        parts.clear();
        if (!largeValidator.validateServerMessage(whole, 0, whole.capacity())) {
            throw new ProtocolException(largeValidator.errorCode().value(), largeValidator.errorText());
        }
        header.wrap(whole, 0);
        if (header.templateId() != DeliveryDecoder.TEMPLATE_ID) {
            throw new ProtocolException(
                    ErrorCode.UNEXPECTED_MESSAGE.value(), "parts of templateId=" + header.templateId());
        }
        subscription.onDelivery(delivery.wrapAndApplyHeader(whole, 0, header), 0);
    }

    private void onRareMessage(final DirectBuffer buffer, final int offset) throws ProtocolException {
        switch (header.templateId()) {
            case WelcomeDecoder.TEMPLATE_ID -> {
                parts.clear();
                session.onWelcome(welcome.wrapAndApplyHeader(buffer, offset, header));
            }
            case DeliveryPartDecoder.TEMPLATE_ID -> onPart(buffer, offset);
            case UploadStateDecoder.TEMPLATE_ID ->
                answers.onUploadState(uploadState.wrapAndApplyHeader(buffer, offset, header));
            case DatabaseOpenedDecoder.TEMPLATE_ID ->
                answers.onDatabaseOpened(databaseOpened.wrapAndApplyHeader(buffer, offset, header));
            case ClosedDecoder.TEMPLATE_ID -> session.onClosed();
            case GoAwayDecoder.TEMPLATE_ID -> session.onGoAway(goAway.wrapAndApplyHeader(buffer, offset, header));
            case TokenStatusDecoder.TEMPLATE_ID ->
                answers.onTokenStatus(tokenStatus.wrapAndApplyHeader(buffer, offset, header));
            case SubscribedDecoder.TEMPLATE_ID ->
                subscription.onSubscribed(subscribed.wrapAndApplyHeader(buffer, offset, header));
            case ProgressDecoder.TEMPLATE_ID ->
                subscription.onProgress(progress.wrapAndApplyHeader(buffer, offset, header));
            case SubscriptionChangedDecoder.TEMPLATE_ID ->
                subscription.onSubscriptionChanged(subscriptionChanged.wrapAndApplyHeader(buffer, offset, header));
            case UnsubscribedDecoder.TEMPLATE_ID ->
                answers.onUnsubscribed(unsubscribed.wrapAndApplyHeader(buffer, offset, header));
            case ResetRequiredDecoder.TEMPLATE_ID ->
                answers.onResetRequired(resetRequired.wrapAndApplyHeader(buffer, offset, header));
            case SnapshotPageDecoder.TEMPLATE_ID ->
                answers.onSnapshotPage(snapshotPage.wrapAndApplyHeader(buffer, offset, header));
            case StatusReportDecoder.TEMPLATE_ID ->
                answers.onStatusReport(statusReport.wrapAndApplyHeader(buffer, offset, header));
            case DatabaseListDecoder.TEMPLATE_ID ->
                answers.onDatabaseList(databaseList.wrapAndApplyHeader(buffer, offset, header));
            case PruneResultDecoder.TEMPLATE_ID ->
                answers.onPruneResult(pruneResult.wrapAndApplyHeader(buffer, offset, header));
            default ->
                throw new ProtocolException(
                        ErrorCode.UNEXPECTED_MESSAGE.value(),
                        "a message that no node sends: templateId=" + header.templateId());
        }
    }
}
