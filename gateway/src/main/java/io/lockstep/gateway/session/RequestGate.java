package io.lockstep.gateway.session;

import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.ReadSnapshotDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.auth.Permission;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Decides whether a request may go to the ring. What it lets pass costs no object. Thread of the transports. */
final class RequestGate {
    /** Neither let pass nor refused: the frame waits, and is read again when it may be its turn. */
    static final Refusal LATER = Refusal.of(ErrorCode.RATE_LIMITED, "waits");

    private final SessionContext context;
    private final SessionHub hub;
    private final GatewayCounters counters;
    private final int inFlightMax;
    private final int readsInFlightMax;
    private final int busyRetryMs;

    RequestGate(final SessionContext context, final SessionHub hub) {
        this.context = context;
        this.hub = hub;
        this.counters = context.counters();
        final SessionLimits limits = context.limits();
        inFlightMax = limits.intValue(SessionLimit.IN_FLIGHT_MAX);
        readsInFlightMax = limits.intValue(SessionLimit.READS_IN_FLIGHT_MAX);
        busyRetryMs = limits.intValue(SessionLimit.BUSY_RETRY_MS);
    }

    /** Whether the answer may be as large as a frame. */
    static boolean isRead(final CommandKind kind) {
        return kind == CommandKind.READ_STATE || kind == CommandKind.PRUNE;
    }

    /** Whether it says that it asks for pages of the state; it need not be valid. */
    static boolean isReadOfPages(final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        final int templateId = templateId(buffer, offset);
        return templateId == ReadStateDecoder.TEMPLATE_ID || templateId == ReadSnapshotDecoder.TEMPLATE_ID;
    }

    static boolean isDatabaseOpened(final DirectBuffer buffer, final int offset) {
        return templateId(buffer, offset) == DatabaseOpenedDecoder.TEMPLATE_ID;
    }

    /** Whether it is a message of this protocol, but no Hello; it need not be valid. */
    static boolean isOtherThanHello(final DirectBuffer buffer, final int offset, final int length) {
        return length >= MessageHeaderDecoder.ENCODED_LENGTH
                && templateId(buffer, offset) != HelloDecoder.TEMPLATE_ID
                && (buffer.getShort(offset + MessageHeaderDecoder.schemaIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                                & 0xFFFF)
                        == MessageHeaderDecoder.SCHEMA_ID;
    }

    static int templateId(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                & 0xFFFF;
    }

    /** A write to the open database. Null if it may pass. */
    Refusal refuseWrite(final Session session, final Permission permission, final int length) {
        final Refusal refusal = refuseForSpace(session, permission, length);
        if (refusal != null) {
            return refusal;
        }
        if (session.inFlight() >= inFlightMax) {
            return busy("inFlightMax", inFlightMax, session.inFlight());
        }
        return spend(session, length);
    }

    /** An upload that begins or goes on; waits for a rate as its parts do. Null if it may pass. */
    Refusal refuseUpload(final Session session, final int length) {
        return session.inFlight() < inFlightMax
                ? refusePart(session, length)
                : busy("inFlightMax", inFlightMax, session.inFlight());
    }

    /** The session has an upload that has come whole, which must be answered first. */
    Refusal refuseSecondUpload() {
        return busy("wholeUploadsMax", 1, 2);
    }

    /**
     * The next bytes of an upload: no request of their own. Over a rate they wait as long as that takes, since those that were
     * sent behind them would have to come again. Null if they may pass.
     */
    Refusal refusePart(final Session session, final int length) {
        final Refusal refusal = refuseForSpace(session, Permission.WRITE, length);
        if (refusal != null) {
            return refusal;
        }
        final Quota ofPrincipal = session.account().quota();
        final Quota ofDatabase = session.feed().quota();
        if (!mayTake(ofPrincipal, ofPrincipal.parts(), session)) {
            return await(ofPrincipal.parts(), session);
        }
        if (!mayTake(ofDatabase, ofDatabase.parts(), session)) {
            return await(ofDatabase.parts(), session);
        }
        ofPrincipal.takePart(length, hub.nowNs());
        ofDatabase.takePart(length, hub.nowNs());
        return null;
    }

    private Refusal refuseForSpace(final Session session, final Permission permission, final int length) {
        final Refusal refusal = refuse(session, permission, length);
        if (refusal != null) {
            return refusal;
        }
        final SpaceLevel level = context.space().level();
        return level == SpaceLevel.HARD || (level == SpaceLevel.SOFT && session.openedShortOfSpace())
                ? exhausted(level)
                : null;
    }

    /** A read of the open database, whose answer may be large. Null if it may pass. */
    Refusal refuseRead(final Session session, final Permission permission, final int length) {
        final Refusal refusal = refuse(session, permission, length);
        if (refusal != null) {
            return refusal;
        }
        if (hub.buffers().isFull()) {
            counters.increment(GatewayCounter.BUFFERS_REFUSED);
            final long max = hub.buffers().bytesMax();
            final long claimed = hub.buffers().claimedBytes();
            return Refusal.retry(
                    ErrorCode.BUSY,
                    busyRetryMs,
                    max,
                    claimed,
                    "no room for the answer: bufferBytesMax=" + max + ", claimed=" + claimed);
        }
        if (session.readsInFlight() >= readsInFlightMax) {
            return busy("readsInFlightMax", readsInFlightMax, session.readsInFlight());
        }
        if (session.inFlight() >= inFlightMax) {
            return busy("inFlightMax", inFlightMax, session.inFlight());
        }
        return spend(session, length);
    }

    /** Opening a database. Null if it may pass. */
    Refusal refuseOpen(final Session session, final String name) {
        if (hub.isDraining()) {
            return shuttingDown(context.limits());
        }
        if (!session.grant().covers(name)) {
            counters.increment(GatewayCounter.NOT_PERMITTED);
            // The same for a database that is there and one that is not: names must not be found out by trying,
            // so the text is that of arbitration.
            return Refusal.of(ErrorCode.UNKNOWN_DATABASE, "no such database");
        }
        return null;
    }

    /** Whether the ring may make a database for it: one that is there opens without room for a new one. */
    boolean mayCreate(final Session session) {
        return session.grant().allows(Permission.CREATE) && context.space().level() != SpaceLevel.HARD;
    }

    /** Why the ring made none, where that is not what it was told. */
    Refusal refuseCreate(final Session session, final ErrorCode answered) {
        final boolean forSpace =
                answered == ErrorCode.NOT_PERMITTED && session.grant().allows(Permission.CREATE);
        return forSpace ? exhausted(SpaceLevel.HARD) : null;
    }

    /** Anything else that a permission guards. Null if it may pass. */
    Refusal refuse(final Session session, final Permission permission, final int length) {
        if (hub.isDraining()) {
            return shuttingDown(context.limits());
        }
        if (!session.grant().allows(permission)) {
            counters.increment(GatewayCounter.NOT_PERMITTED);
            return Refusal.of(ErrorCode.NOT_PERMITTED, "the token does not allow it: permission=" + permission);
        }
        return null;
    }

    /** A question of the node's administration that the ring answers. Null if it may pass. */
    Refusal refuseAdministration(final Session session, final int length) {
        final Refusal refusal = refuse(session, Permission.ADMIN, length);
        return refusal == null && session.inFlight() >= inFlightMax
                ? busy("inFlightMax", inFlightMax, session.inFlight())
                : refusal;
    }

    private Refusal spend(final Session session, final int length) {
        final Quota ofPrincipal = session.account().quota();
        final Quota ofDatabase = session.feed().quota();
        if (!mayTake(ofPrincipal, ofPrincipal, session)) {
            return waitOrRefuse(ofPrincipal, session, length);
        }
        if (!mayTake(ofDatabase, ofDatabase, session)) {
            return waitOrRefuse(ofDatabase, session, length);
        }
        ofPrincipal.take(length);
        ofDatabase.take(length);
        return null;
    }

    private boolean mayTake(final Quota quota, final Line line, final Session session) {
        return !quota.isInDebt(hub.nowNs()) && hub.waits().debts().mayPass(line, session);
    }

    private Refusal waitOrRefuse(final Quota quota, final Session session, final int length) {
        final long nowNs = hub.nowNs();
        session.onOverRate(nowNs);
        if (quota.hasWaitedTooLong(session, nowNs)) {
            counters.increment(GatewayCounter.RATE_LIMITED);
            return quota.refuse(length, nowNs);
        }
        return await(quota, session);
    }

    private static Refusal await(final Line line, final Session session) {
        session.waitForRate(line);
        return LATER;
    }

    Refusal busy(final String name, final int limit, final int actual) {
        counters.increment(GatewayCounter.WINDOW_EXCEEDED);
        return Refusal.retry(
                ErrorCode.BUSY,
                busyRetryMs,
                limit,
                actual,
                "unanswered requests: " + name + "=" + limit + ", inFlight=" + actual);
    }

    private Refusal exhausted(final SpaceLevel level) {
        counters.increment(GatewayCounter.SPACE_REFUSED);
        return exhausted(context.space(), level, context.limits());
    }

    /** Says which room is missing. */
    static Refusal exhausted(final SpaceSource space, final SpaceLevel level, final SessionLimits limits) {
        final long limitBytes = space.limitBytes(level);
        final long freeBytes = space.freeBytes();
        return Refusal.retry(
                ErrorCode.RESOURCE_EXHAUSTED,
                limits.intValue(SessionLimit.EXHAUSTED_RETRY_MS),
                limitBytes,
                freeBytes,
                (freeBytes < limitBytes || limitBytes < 0
                                ? "the disk is too full to write: level="
                                : "no room for the next journal file: level=")
                        + level + ", limitBytes=" + limitBytes + ", freeBytes=" + freeBytes);
    }

    /** Who holds more than its share has less time while there is no room for others. */
    static int stallTimeoutMs(final SessionHub hub, final long pendingBytes) {
        final int timeoutMs = hub.limits().intValue(SessionLimit.STALL_TIMEOUT_MS);
        return pendingBytes > hub.outboundBytesMax() / 2 && hub.buffers().isFull()
                ? Math.min(timeoutMs, hub.limits().intValue(SessionLimit.EXHAUSTED_RETRY_MS))
                : timeoutMs;
    }

    /** Says when to try again, where that may help. */
    static Refusal refusal(
            final SessionLimits limits,
            final ErrorCode code,
            final long limitValue,
            final long actualValue,
            final String text) {
        return code == ErrorCode.RESOURCE_EXHAUSTED
                ? Refusal.retry(code, limits.intValue(SessionLimit.EXHAUSTED_RETRY_MS), limitValue, actualValue, text)
                : Refusal.limit(code, limitValue, actualValue, text);
    }

    static Refusal shuttingDown(final SessionLimits limits) {
        return Refusal.retry(
                ErrorCode.SHUTTING_DOWN,
                limits.intValue(SessionLimit.EXHAUSTED_RETRY_MS),
                -1,
                -1,
                "the node is going away");
    }
}
