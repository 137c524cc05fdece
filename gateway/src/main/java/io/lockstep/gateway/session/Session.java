package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.gateway.auth.Grant;
import io.lockstep.gateway.limits.AddressBook;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.TokenBucket;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/**
 * One client's conversation: its state, who it is, what it has in flight, its time-outs. Knows no transport and no
 * clock. Thread of the transports. {@link SessionAdapter} reads its messages.
 */
public final class Session extends Line.Waiter {
    /** Why a frame waits. */
    enum Waiting {
        NOTHING,
        RING,
        RATE,
        QUOTA,
        TURN,
        PENALTY,
        OUTBOUND
    }

    private final SessionHub hub;
    private final Wire wire;
    private final long id;
    private final AddressBook.Entry address;
    private final TokenBucket bytes;
    private final TokenBucket messages;
    private final Liveness liveness;
    private final SessionStreams streams = new SessionStreams();
    private final long connectedNs;

    private SessionState state = SessionState.CONNECTED;
    private Waiting waiting = Waiting.NOTHING;
    private long waitUntilNs;
    private CommandKind waitingKind;
    private int waitingFlags;

    private Grant grant;
    private PrincipalAccount account;
    private DatabaseFeed feed;
    private String databaseName;
    private OwnSites ownSites = OwnSites.NONE;
    private boolean openedShortOfSpace;
    private boolean expiryWarned;
    private int inFlight;
    private int readsInFlight;
    private boolean penaltyServed;
    private boolean rateWaited;
    private long rateWaitSinceNs;
    private long closeRequestId;

    Session(final SessionHub hub, final Wire wire, final long id, final AddressBook.Entry address) {
        this.hub = hub;
        this.wire = wire;
        this.id = id;
        this.address = address;
        final long nowNs = hub.nowNs();
        bytes = TokenBucket.of(hub.limits().value(SessionLimit.SESSION_BYTES_PER_SECOND), nowNs);
        messages = TokenBucket.of(hub.limits().value(SessionLimit.SESSION_MESSAGES_PER_SECOND), nowNs);
        connectedNs = nowNs;
        liveness = new Liveness(nowNs);
    }

    /**
     * Largest frame that may come now, framing header included.
     *
     * @return bytes
     */
    public int frameBytesMax() {
        final int frameBytesMax = hub.frameBytesMax();
        return state == SessionState.CONNECTED
                ? Math.min(FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX, frameBytesMax)
                : frameBytesMax;
    }

    /**
     * One whole frame, without its framing header. Nothing of it is kept.
     *
     * @param buffer holds it
     * @param offset of the message header
     * @param length bytes, at most {@link #frameBytesMax()} less the framing header
     * @return what was done with it
     */
    public Intake onFrame(final DirectBuffer buffer, final int offset, final int length) {
        if (state == SessionState.CLOSED) {
            return Intake.ENDED;
        }
        final Waiting before = waiting;
        waiting = Waiting.NOTHING;
        liveness.heard(hub.nowNs());
        if (before == Waiting.RING) {
            return hand(waitingKind, waitingFlags, buffer, offset, length);
        }
        penaltyServed = before == Waiting.PENALTY;
        rateWaited = before == Waiting.QUOTA;
        final boolean again = penaltyServed || rateWaited;
        if (!again && mustWait(buffer, offset, length)) {
            return Intake.WAIT;
        }
        final Intake intake = hub.adapter().onMessage(this, buffer, offset, length);
        if (!again) {
            bytes.take(length + FrameDescriptor.HEADER_LENGTH);
            messages.take(1);
            hub.counters().increment(GatewayCounter.FRAMES_IN);
        }
        return intake;
    }

    /**
     * The transport takes no more of it.
     *
     * @param counter counts it
     * @param code why
     * @param limitValue the limit, -1 if none
     * @param actualValue the value, -1 if none
     * @param text for people
     */
    public void onRefused(
            final GatewayCounter counter,
            final ErrorCode code,
            final long limitValue,
            final long actualValue,
            final String text) {
        if (state != SessionState.CLOSED) {
            hub.counters().increment(counter);
            end(-1, RequestGate.refusal(hub.limits(), code, limitValue, actualValue, text));
        }
    }

    /** What was sent has been taken, at least in part: there may be room. */
    public void onWritable() {
        if (waiting == Waiting.OUTBOUND) {
            resume();
        }
        streams.pump();
    }

    /** The connection is gone. */
    public void onDisconnected() {
        if (state != SessionState.CLOSED) {
            state(SessionState.CLOSED, "the connection ended");
            hub.onEnded(this);
        }
    }

    /** The client sends no more, but may still read: what it asked for is answered, then Closed with requestId -1. */
    public void onInputEnded() {
        if (state == SessionState.CONNECTED) {
            end("the client sends no more");
        } else if (state != SessionState.CLOSING && state != SessionState.CLOSED) {
            onCloseRequested(-1);
        }
    }

    @Override
    void onTurn() {
        resume();
    }

    private boolean mustWait(final DirectBuffer buffer, final int offset, final int length) {
        final long nowNs = hub.nowNs();
        final long waitNs = Math.max(bytes.waitNs(nowNs), messages.waitNs(nowNs));
        if (waitNs > 0) {
            hub.counters().increment(GatewayCounter.RATE_LIMITED);
            await(Waiting.RATE, waitNs);
            return true;
        }
        // Twice the mark of deliveries, so that a slow subscriber is still heard; but it gets no more to read.
        final long marks = RequestGate.isReadOfPages(buffer, offset, length) ? 1 : 2;
        if (wire.pendingBytes() > marks * hub.outboundBytesMax()) {
            waiting = Waiting.OUTBOUND;
            return true;
        }
        if (feed != null && !feed.turn().tryTake(this, length)) {
            waiting = Waiting.TURN;
            hub.waits().turns().await(feed.turn(), this);
            return true;
        }
        return false;
    }

    /** The request in hand is over a rate; it may wait until then. */
    void onOverRate(final long nowNs) {
        rateWaitSinceNs = rateWaited ? rateWaitSinceNs : nowNs;
    }

    void waitForRate(final Line line) {
        waiting = Waiting.QUOTA;
        hub.waits().debts().await(line, this);
    }

    /** Since when the request in hand has waited for a rate. */
    long rateWaitSinceNs() {
        return rateWaitSinceNs;
    }

    void await(final Waiting reason, final long waitNs) {
        waiting = reason;
        waitUntilNs = hub.nowNs() + waitNs;
        hub.waits().resumeLater(this);
    }

    /** Returns true when it need not be asked again. */
    boolean resumeIfDue(final long nowNs) {
        if (waiting != Waiting.RATE && waiting != Waiting.PENALTY) {
            return true;
        }
        if (nowNs - waitUntilNs < 0) {
            return false;
        }
        resume();
        return true;
    }

    private void resume() {
        // What it sent meanwhile lies unread: silence was ours.
        liveness.heard(hub.nowNs());
        wire.resume();
    }

    Intake publish(
            final CommandKind kind, final int flags, final DirectBuffer buffer, final int offset, final int length) {
        countRead(kind, 1); // kept while the frame waits for the ring, too: its turn is not another admission
        return hand(kind, flags, buffer, offset, length);
    }

    private void countRead(final CommandKind kind, final int more) {
        if (RequestGate.isRead(kind)) {
            readsInFlight += more;
            hub.buffers().readsDone(-more);
        }
    }

    private Intake hand(
            final CommandKind kind, final int flags, final DirectBuffer buffer, final int offset, final int length) {
        if (!hub.publish(this, kind, flags, buffer, offset, length)) {
            waiting = Waiting.RING;
            waitingKind = kind;
            waitingFlags = flags;
            return Intake.WAIT;
        }
        inFlight++;
        return Intake.TAKEN;
    }

    void countInFlight(final CommandKind kind, final int more) {
        inFlight += more;
        countRead(kind, more);
    }

    /** The ring's answer to one of this session's commands. */
    void onAnswer(final CommandKind kind, final DirectBuffer buffer, final int offset, final int length) {
        countInFlight(kind, -1);
        hub.adapter().onAnswer(this, kind, buffer, offset, length);
        endIfAnswered();
    }

    /** The ring agreed; the feed counts this session already. */
    void onOpened(final DatabaseFeed newFeed, final boolean shortOfSpace) {
        feed = newFeed;
        openedShortOfSpace = shortOfSpace;
        state(SessionState.OPEN, "opened");
    }

    void onKnown(
            final Grant newGrant, final PrincipalAccount newAccount, final long[] sites, final long newHeartbeatNs) {
        grant = newGrant;
        account = newAccount;
        ownSites = new OwnSites(sites);
        liveness.heartbeatNs(newHeartbeatNs);
        state(SessionState.AUTHENTICATED, "hello");
    }

    void onRefreshed(final Grant newGrant) {
        grant = newGrant;
        expiryWarned = false;
    }

    void onCloseRequested(final long requestId) {
        closeRequestId = requestId;
        state(SessionState.CLOSING, "asked by the client");
        hub.uploads().onClosing(this, requestId >= 0);
        streams.endDeliveries();
        endIfAnswered();
    }

    void endIfAnswered() {
        if (state == SessionState.CLOSING && !awaitsAnswers()) {
            hub.publisher().closed(this, closeRequestId);
            end("closed in order");
        }
    }

    /** Sends one error about one request; the session goes on. */
    void refuse(final long requestId, final Refusal refusal) {
        hub.publisher().error(this, requestId, refusal);
    }

    /** Sends one error and ends. */
    void end(final long requestId, final Refusal refusal) {
        if (state == SessionState.CLOSED) {
            return;
        }
        hub.publisher().error(this, requestId, refusal);
        hub.log(refusal.code().name(), "session ended: sessionId=" + id + ", " + refusal.text());
        end(refusal.text());
    }

    /** Ends; what was sent still goes out. */
    void end(final String reason) {
        if (state == SessionState.CLOSED) {
            return;
        }
        state(SessionState.CLOSED, reason);
        hub.onEnded(this);
        wire.close(reason);
    }

    void send(final DirectBuffer buffer, final int offset, final int length) {
        liveness.sent(length + FrameDescriptor.HEADER_LENGTH, hub.nowNs());
        wire.send(buffer, offset, length);
        hub.counters().increment(GatewayCounter.FRAMES_OUT);
    }

    /** The one place where the state changes. */
    void state(final SessionState next, final String reason) {
        databaseName = next == SessionState.AUTHENTICATED ? null : databaseName; // an open that was refused
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(
                    "session " + id + " cannot go from " + state + " to " + next + ": " + reason);
        }
        state = next;
    }

    /** Ends the session if its token has; warns before. */
    boolean isExpired(final long nowMs) {
        final long expiresMs = grant.expiresMs();
        if (expiresMs == 0) {
            return false;
        }
        if (grant.isExpired(nowMs)) {
            onTokenEnded("the token has expired: expiresMs=" + expiresMs);
            return true;
        }
        if (!expiryWarned && nowMs >= expiresMs - hub.limits().value(SessionLimit.TOKEN_WARNING_MS)) {
            expiryWarned = true;
            hub.publisher().tokenStatus(this, -1, expiresMs);
        }
        return false;
    }

    /** The grants have changed. */
    void onGrantsChanged(final Grant now) {
        if (now == null || (databaseName != null && !now.covers(databaseName))) {
            onTokenEnded("the token was revoked");
        } else {
            grant = now;
        }
    }

    private void onTokenEnded(final String text) {
        hub.counters().increment(GatewayCounter.TOKENS_ENDED);
        end(-1, Refusal.of(ErrorCode.TOKEN_EXPIRED, text));
    }

    OwnSites ownSites() {
        return ownSites;
    }

    void onJournalFailed() {
        end(-1, Refusal.of(ErrorCode.NODE_FAILED, "the journal cannot be read; see the node's log"));
    }

    /**
     * Where it stands.
     *
     * @return the state
     */
    public SessionState state() {
        return state;
    }

    /**
     * The node's number for it.
     *
     * @return above 0
     */
    public long id() {
        return id;
    }

    /**
     * Commands that the ring has not answered.
     *
     * @return a count
     */
    public int inFlight() {
        return inFlight;
    }

    /** Whether something that it asked for will be answered, an upload that has come whole included. */
    boolean awaitsAnswers() {
        return inFlight > 0 || streams.awaitsUpload();
    }

    int readsInFlight() {
        return readsInFlight;
    }

    /** Whether the message in hand has waited for its refusal. */
    boolean penaltyServed() {
        return penaltyServed;
    }

    Waiting waiting() {
        return waiting;
    }

    Wire wire() {
        return wire;
    }

    Liveness liveness() {
        return liveness;
    }

    long connectedNs() {
        return connectedNs;
    }

    AddressBook.Entry address() {
        return address;
    }

    /** Null before Hello. */
    Grant grant() {
        return grant;
    }

    /** Null before Hello. */
    PrincipalAccount account() {
        return account;
    }

    /** Null before a database is open. */
    DatabaseFeed feed() {
        return feed;
    }

    /** What flows to it beside answers. */
    SessionStreams streams() {
        return streams;
    }

    /** Whom checkpoints are for. */
    CheckpointHolder checkpointHolder() {
        return ownSites.holder(grant.principal());
    }

    void databaseName(final String name) {
        databaseName = name;
    }

    String databaseName() {
        return databaseName;
    }

    boolean openedShortOfSpace() {
        return openedShortOfSpace;
    }

    int databaseId() {
        return feed == null ? 0 : feed.databaseId();
    }
}
