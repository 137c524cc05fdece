package io.lockstep.gateway.session;

import io.lockstep.codec.ChangeSubscriptionDecoder;
import io.lockstep.codec.CloseDecoder;
import io.lockstep.codec.CreditGrantDecoder;
import io.lockstep.codec.CursorAckDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.ReadDatabasesDecoder;
import io.lockstep.codec.ReadSnapshotDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.ReadStatusDecoder;
import io.lockstep.codec.RefreshTokenDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import io.lockstep.codec.UploadChangeSetDecoder;
import io.lockstep.codec.UploadPartDecoder;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.auth.Permission;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/**
 * Bytes in, calls to a session out: validates each message before a decoder touches it, and decides whether it may come
 * in the session's state. One for all sessions, flyweights inside. Thread of the transports.
 *
 * <p>Only {@link Session#publish} leads to the ring, and only once a valid token made the session AUTHENTICATED.
 */
final class SessionAdapter {
    private static final long NO_REQUEST = -1;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OpenDatabaseDecoder openDatabase = new OpenDatabaseDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final CloseDecoder close = new CloseDecoder();
    private final SubmitChangeSetDecoder submit = new SubmitChangeSetDecoder();
    private final CursorAckDecoder cursorAck = new CursorAckDecoder();
    private final CreditGrantDecoder creditGrant = new CreditGrantDecoder();
    private final DatabaseOpenedDecoder databaseOpened = new DatabaseOpenedDecoder();
    private final ErrorDecoder error = new ErrorDecoder();

    private final SessionContext context;
    private final SessionHub hub;
    private final FrameValidator validator;
    private final RequestGate gate;
    private final AuthenticationAdapter authentication;
    private final SubscribeAdapter subscribeAdapter;
    private final StateAdapter stateAdapter;
    private final PruneAdapter prunes;
    private final AdministrationAdapter administration;
    private final UploadAdapter uploads;

    SessionAdapter(final SessionContext context, final SessionHub hub) {
        this.context = context;
        this.hub = hub;
        validator = new FrameValidator(context.frameLimits());
        gate = new RequestGate(context, hub);
        authentication = new AuthenticationAdapter(context, hub);
        subscribeAdapter = new SubscribeAdapter(hub, context.identity());
        stateAdapter = new StateAdapter(hub, gate);
        prunes = new PruneAdapter(context, hub, gate);
        uploads = new UploadAdapter(hub, gate);
        administration = new AdministrationAdapter(context, hub, gate);
    }

    Intake onMessage(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        if (session.state() == SessionState.CONNECTED && RequestGate.isOtherThanHello(buffer, offset, length)) {
            return unexpected(session, "expected Hello", RequestGate.templateId(buffer, offset));
        }
        if (!validator.validateClientMessage(buffer, offset, length)) {
            return onInvalid(session);
        }
        header.wrap(buffer, offset);
        final int templateId = header.templateId();
        final SessionState state = session.state();
        if (templateId == HelloDecoder.TEMPLATE_ID) {
            return state == SessionState.CONNECTED
                    ? authentication.onHello(session, buffer, offset)
                    : unexpected(session, templateId);
        }
        if (session.isExpired(hub.nowMs())) {
            return Intake.ENDED;
        }
        return switch (templateId) {
            case HeartbeatDecoder.TEMPLATE_ID -> onHeartbeat(session, buffer, offset);
            case CreditGrantDecoder.TEMPLATE_ID -> onCreditGrant(session, buffer, offset);
            case CursorAckDecoder.TEMPLATE_ID -> onCursorAck(session, buffer, offset);
            default ->
                state == SessionState.CLOSING
                        ? unexpected(session, templateId)
                        : onRequest(session, templateId, buffer, offset, length);
        };
    }

    private Intake onRequest(
            final Session session,
            final int templateId,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        return switch (templateId) {
            case OpenDatabaseDecoder.TEMPLATE_ID ->
                session.state() == SessionState.AUTHENTICATED
                        ? onOpenDatabase(session, buffer, offset, length)
                        : unexpected(session, templateId);
            case CloseDecoder.TEMPLATE_ID -> onClose(session, buffer, offset);
            case RefreshTokenDecoder.TEMPLATE_ID -> authentication.onRefreshToken(session, buffer, offset);
            case ReadStatusDecoder.TEMPLATE_ID -> administration.onReadStatus(session, buffer, offset, length);
            case ReadDatabasesDecoder.TEMPLATE_ID -> administration.onReadDatabases(session, buffer, offset, length);
            default ->
                session.state() == SessionState.OPEN
                        ? onDatabaseRequest(session, templateId, buffer, offset, length)
                        : unexpected(session, templateId);
        };
    }

    private Intake onClose(final Session session, final DirectBuffer buffer, final int offset) {
        session.onCloseRequested(
                close.wrapAndApplyHeader(buffer, offset, header).requestId());
        return session.state() == SessionState.CLOSED ? Intake.ENDED : Intake.TAKEN;
    }

    private Intake onDatabaseRequest(
            final Session session,
            final int templateId,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        return switch (templateId) {
            case SubmitChangeSetDecoder.TEMPLATE_ID -> onSubmit(session, buffer, offset, length);
            case UploadChangeSetDecoder.TEMPLATE_ID -> uploads.onUpload(session, buffer, offset, length);
            case UploadPartDecoder.TEMPLATE_ID -> uploads.onPart(session, buffer, offset, length);
            case SubscribeDecoder.TEMPLATE_ID -> onSubscribe(session, buffer, offset, length);
            case ChangeSubscriptionDecoder.TEMPLATE_ID -> onChangeSubscription(session, buffer, offset, length);
            case UnsubscribeDecoder.TEMPLATE_ID -> subscribeAdapter.onUnsubscribe(session, buffer, offset);
            case ReadStateDecoder.TEMPLATE_ID -> stateAdapter.onReadState(session, buffer, offset, length);
            case ReadSnapshotDecoder.TEMPLATE_ID -> stateAdapter.onReadSnapshot(session, buffer, offset, length);
            case PruneDecoder.TEMPLATE_ID -> prunes.onPrune(session, buffer, offset, length);
            default -> unexpected(session, templateId);
        };
    }

    private Intake onInvalid(final Session session) {
        hub.counters().increment(GatewayCounter.MALFORMED);
        final Refusal refusal = Refusal.limit(
                validator.errorCode(), validator.limitValue(), validator.actualValue(), validator.errorText());
        // A refusal of one request is for those who may ask; to all others the frame is as wrong as any.
        final boolean mayAsk = session.state() != SessionState.CONNECTED && session.state() != SessionState.CLOSING;
        if (validator.fatal() || !mayAsk) {
            session.end(validator.requestId(), refusal);
            return Intake.ENDED;
        }
        session.refuse(validator.requestId(), refusal);
        return Intake.TAKEN;
    }

    private Intake unexpected(final Session session, final int templateId) {
        return unexpected(session, "not allowed now", templateId);
    }

    private Intake unexpected(final Session session, final String why, final int templateId) {
        hub.counters().increment(GatewayCounter.MALFORMED);
        session.end(
                NO_REQUEST,
                Refusal.of(
                        ErrorCode.UNEXPECTED_MESSAGE,
                        why + ": templateId=" + templateId + ", state=" + session.state()));
        return Intake.ENDED;
    }

    private Intake onOpenDatabase(
            final Session session, final DirectBuffer buffer, final int offset, final int length) {
        openDatabase.wrapAndApplyHeader(buffer, offset, header);
        final long requestId = openDatabase.requestId();
        final String name = openDatabase.name();
        final Refusal refusal = gate.refuseOpen(session, name);
        if (refusal != null) {
            session.refuse(requestId, refusal);
            return Intake.TAKEN;
        }
        session.databaseName(name);
        session.state(SessionState.OPENING, "open database");
        final int flags = gate.mayCreate(session) ? IngressCommand.FLAG_MAY_CREATE : 0;
        return session.publish(CommandKind.OPEN_DATABASE, flags, buffer, offset, length);
    }

    /** The ring's answer to one of the session's commands. */
    void onAnswer(
            final Session session,
            final CommandKind kind,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (kind == CommandKind.OPEN_DATABASE && session.state() == SessionState.OPENING) {
            onOpenAnswer(session, buffer, offset, length);
        } else if (kind == CommandKind.READ_DATABASES) {
            administration.onDatabases(session, buffer, offset);
        } else if (kind == CommandKind.PRUNE) {
            prunes.onAnswer(session, buffer, offset, length);
        } else {
            hub.counters().refusals().onAnswer(buffer, offset);
            session.send(buffer, offset, length);
        }
    }

    private void onOpenAnswer(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        if (!RequestGate.isDatabaseOpened(buffer, offset)) {
            session.state(SessionState.AUTHENTICATED, "refused");
            error.wrapAndApplyHeader(buffer, offset, header);
            final Refusal ofSpace = gate.refuseCreate(session, error.code());
            if (ofSpace == null) {
                hub.counters().refusals().onAnswer(buffer, offset);
                session.send(buffer, offset, length);
            } else {
                session.refuse(error.requestId(), ofSpace);
            }
            return;
        }
        databaseOpened.wrapAndApplyHeader(buffer, offset, header);
        final DatabaseFeed feed = hub.feed(databaseOpened.databaseId(), databaseOpened.sequence());
        final Refusal refusal = hub.join(feed);
        if (refusal != null) {
            session.state(SessionState.AUTHENTICATED, "limit");
            session.refuse(databaseOpened.requestId(), refusal);
            return;
        }
        feed.keysFolded(databaseOpened.keyForm() == KeyForm.QUEREUS);
        session.onOpened(feed, context.space().level() != SpaceLevel.NORMAL);
        session.send(buffer, offset, length);
    }

    private Intake onSubmit(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        submit.wrapAndApplyHeader(buffer, offset, header);
        final Refusal refusal = gate.refuseWrite(session, Permission.WRITE, length);
        if (refusal != null) {
            return refuse(session, submit.requestId(), refusal);
        }
        final boolean author =
                session.grant().mayWriteAs(submit.site().high(), submit.site().low());
        return session.publish(
                CommandKind.CHANGE_SET, author ? IngressCommand.FLAG_SITE_AUTHORISED : 0, buffer, offset, length);
    }

    /** Refuses a request, unless its session waits for a quota and the request will be looked at again. */
    static Intake refuse(final Session session, final long requestId, final Refusal refusal) {
        if (session.waiting() == Session.Waiting.QUOTA) {
            return Intake.WAIT;
        }
        session.refuse(requestId, refusal);
        return Intake.TAKEN;
    }

    private Intake onSubscribe(final Session session, final DirectBuffer buffer, final int offset, final int length) {
        final long requestId = subscribeAdapter.requestId(buffer, offset);
        Refusal refusal = gate.refuse(session, Permission.READ, length);
        if (refusal == null && session.streams().subscription() != null) {
            refusal = Refusal.limit(ErrorCode.ALREADY_SUBSCRIBED, 1, 1, "one subscription a session");
        }
        refusal = refusal == null ? subscribeAdapter.refuseFilters(buffer, offset) : refusal;
        if (refusal != null) {
            session.refuse(requestId, refusal);
            return Intake.TAKEN;
        }
        final Subscription subscription = subscribeAdapter.onSubscribe(session, buffer, offset);
        if (subscription != null) {
            session.streams().subscribe(subscription);
            subscribeAdapter.start(subscription, buffer, offset);
        }
        return Intake.TAKEN;
    }

    private Intake onChangeSubscription(
            final Session session, final DirectBuffer buffer, final int offset, final int length) {
        Refusal refusal = gate.refuse(session, Permission.READ, length);
        refusal = refusal == null ? subscribeAdapter.refuseFilters(buffer, offset) : refusal;
        if (refusal == null) {
            subscribeAdapter.onChange(session, buffer, offset);
        } else {
            session.refuse(subscribeAdapter.requestId(buffer, offset), refusal);
        }
        return Intake.TAKEN;
    }

    /** Also after the subscription ended: the two may have crossed on the way. */
    private Intake onCreditGrant(final Session session, final DirectBuffer buffer, final int offset) {
        final long bytes =
                creditGrant.wrapAndApplyHeader(buffer, offset, header).bytes();
        if (bytes < 0) {
            return malformed(session, "must be 0 or more: bytes=" + bytes);
        }
        if (session.streams().subscription() != null) {
            session.streams().subscription().grant(bytes);
        }
        return Intake.TAKEN;
    }

    private Intake onCursorAck(final Session session, final DirectBuffer buffer, final int offset) {
        final long sequence =
                cursorAck.wrapAndApplyHeader(buffer, offset, header).sequence();
        final Subscription subscription = session.streams().subscription();
        if (!session.streams().subscribedBefore()) {
            return unexpected(session, "CursorAck without a subscription", CursorAckDecoder.TEMPLATE_ID);
        }
        // After the subscription ended the two may have crossed on the way.
        if (sequence < 0 || (subscription != null && !subscription.acknowledge(sequence))) {
            return malformed(
                    session,
                    "never sent: sequence=" + sequence + ", delivered="
                            + (subscription == null ? 0 : subscription.delivered()));
        }
        return Intake.TAKEN;
    }

    private Intake malformed(final Session session, final String text) {
        hub.counters().increment(GatewayCounter.MALFORMED);
        session.end(NO_REQUEST, Refusal.of(ErrorCode.MALFORMED_FRAME, text));
        return Intake.ENDED;
    }

    private Intake onHeartbeat(final Session session, final DirectBuffer buffer, final int offset) {
        heartbeat.wrapAndApplyHeader(buffer, offset, header);
        if (heartbeat.reply() == 0) {
            hub.publisher().heartbeat(session, heartbeat.nonce(), true);
        }
        return Intake.TAKEN;
    }
}
