package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RefreshTokenDecoder;
import io.lockstep.gateway.auth.Grant;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes the messages that carry a token, and makes guessing slow. Thread of the transports. */
final class AuthenticationAdapter {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RefreshTokenDecoder refreshToken = new RefreshTokenDecoder();
    private final UnsafeBuffer token = new UnsafeBuffer(0, 0);

    private final SessionContext context;
    private final SessionHub hub;
    private final HelloAdapter helloAdapter;

    AuthenticationAdapter(final SessionContext context, final SessionHub hub) {
        this.context = context;
        this.hub = hub;
        helloAdapter = new HelloAdapter(context.authenticator(), context.limits());
    }

    Intake onHello(final Session session, final DirectBuffer buffer, final int offset) {
        // No token is looked at before the wait, the right one neither: a guesser who hangs up learns nothing.
        if (mustWait(session)) {
            return Intake.WAIT;
        }
        Refusal refusal = hub.isDraining()
                ? Refusal.of(ErrorCode.SHUTTING_DOWN, "the node is going away")
                : helloAdapter.onHello(buffer, offset, hub.nowMs());
        if (refusal != null && refusal.code() == ErrorCode.AUTHENTICATION_FAILED) {
            hub.onAuthenticationFailed(session);
        }
        final Grant grant = helloAdapter.grant();
        if (refusal == null) {
            refusal = hub.admit(session, grant, helloAdapter.ownSites(), helloAdapter.heartbeatMs());
        }
        if (refusal != null) {
            session.end(-1, refusal);
            return Intake.ENDED;
        }
        welcome(session);
        return Intake.TAKEN;
    }

    private void welcome(final Session session) {
        final SessionLimits limits = context.limits();
        final int heartbeatMs = helloAdapter.heartbeatMs();
        final SessionPublisher.Terms terms = new SessionPublisher.Terms(
                session.id(),
                context.ingress().stampedTimeMs(),
                helloAdapter.winners(),
                hub.frameBytesMax(),
                context.frameLimits().changesMax(),
                limits.intValue(SessionLimit.IN_FLIGHT_MAX),
                heartbeatMs,
                heartbeatMs * limits.intValue(SessionLimit.HEARTBEATS_MISSED_MAX),
                session.grant().expiresMs(),
                hub.uploads().setBytesMax());
        hub.publisher()
                .welcome(
                        session,
                        helloAdapter.version(),
                        terms,
                        limits.value(SessionLimit.SESSION_BYTES_PER_SECOND),
                        limits.value(SessionLimit.SESSION_MESSAGES_PER_SECOND));
    }

    /** Only once, so that whoever has the right token waits for no more than what others of its address left. */
    private boolean mustWait(final Session session) {
        final long waitNs = session.penaltyServed() ? 0 : hub.authenticationWaitNs(session);
        if (waitNs > 0) {
            session.await(Session.Waiting.PENALTY, waitNs);
        }
        return waitNs > 0;
    }

    Intake onRefreshToken(final Session session, final DirectBuffer buffer, final int offset) {
        refreshToken.wrapAndApplyHeader(buffer, offset, header);
        final long requestId = refreshToken.requestId();
        refreshToken.wrapToken(token);
        final Grant grant = context.authenticator().authenticate(token, 0, token.capacity(), hub.nowMs());
        token.wrap(0, 0);
        if (grant == null || !grant.principal().equals(session.grant().principal())) {
            // Its client is known and could only find its own tokens: the refusal alone waits.
            if (mustWait(session)) {
                return Intake.WAIT;
            }
            hub.onAuthenticationFailed(session);
            session.refuse(
                    requestId,
                    Refusal.of(
                            ErrorCode.NOT_PERMITTED,
                            "not a token of this session's principal; the one before stays in force"));
            return Intake.TAKEN;
        }
        if (session.databaseName() != null && !grant.covers(session.databaseName())) {
            session.refuse(
                    requestId,
                    Refusal.of(
                            ErrorCode.NOT_PERMITTED,
                            "the new token does not cover the open database; the one before stays in force"));
            return Intake.TAKEN;
        }
        session.onRefreshed(grant);
        hub.publisher().tokenStatus(session, requestId, grant.expiresMs());
        return Intake.TAKEN;
    }
}
