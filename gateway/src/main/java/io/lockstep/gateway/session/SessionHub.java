package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.gateway.auth.Grant;
import io.lockstep.gateway.limits.AddressBook;
import io.lockstep.gateway.limits.BufferBudget;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * All sessions of a node and what they share: the ring's door, the databases' feeds, accounts, addresses, time. Knows no
 * transport. One thread, that of the transports.
 */
public final class SessionHub {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TIDY_NS = TimeUnit.SECONDS.toNanos(1);

    private final SessionContext context;
    private final ReaderDoor reader;
    private final SessionPublisher publisher;
    private final SessionAdapter adapter;
    private final LogLimiter log;
    private final AddressBook addresses;
    private final Strangers strangers;
    private final StallWatch stalls;
    private final IngressCommand command = new IngressCommand();
    private final Long2ObjectHashMap<Session> sessionById = new Long2ObjectHashMap<>();
    private final Int2ObjectHashMap<DatabaseFeed> feedById = new Int2ObjectHashMap<>();
    private final Map<String, PrincipalAccount> accounts = new HashMap<>();
    private final ArrayList<Session> snapshot = new ArrayList<>();
    private final SubscriptionParts subscriptionParts;
    private final SessionTimers timers;
    private final Waits waits;
    private final Uploads uploads;

    private final int outboundBytesMax;

    private long nextSessionId;
    private long nowNs;
    private long nowMs;
    private long tickNs;
    private long tidyNs;
    private long grantsGeneration;
    private long refreshErrors;
    private final BufferBudget buffers;
    private boolean draining;
    private long drainDeadlineNs;

    /**
     * A hub without sessions.
     *
     * @param context what sessions share
     * @param queues to the readers
     * @param requestSent called when the readers have something to do
     * @param firstSessionId number of the first session; above 0
     * @param nowNs monotonic time
     * @param nowMs wall clock
     */
    public SessionHub(
            final SessionContext context,
            final ReaderQueues queues,
            final Runnable requestSent,
            final long firstSessionId,
            final long nowNs,
            final long nowMs) {
        this.context = context;
        reader = new ReaderDoor(queues, requestSent);
        this.nextSessionId = firstSessionId;
        this.nowNs = nowNs;
        this.nowMs = nowMs;
        this.tickNs = nowNs;
        this.tidyNs = nowNs;
        subscriptionParts = new SubscriptionParts(context.limits(), TICK_NS);
        outboundBytesMax = context.limits().intValue(SessionLimit.OUTBOUND_BYTES_MAX);
        publisher = new SessionPublisher(context.identity(), context.counters().refusals());
        log = new LogLimiter(context.log());
        addresses = new AddressBook(context.limits());
        strangers = new Strangers(context.counters());
        stalls = new StallWatch(context.counters());
        buffers = new BufferBudget(context.limits(), context.frameLimits().frameBytesMax(), context.counters());
        timers = new SessionTimers(this, context.limits(), TICK_NS, nowNs);
        waits = new Waits(context.ingress(), feedById::containsKey, context.counters(), nowNs);
        uploads =
                new Uploads(this, queues.uploads(), requestSent, context.ingress(), context.space(), context.limits());
        adapter = new SessionAdapter(context, this);
        grantsGeneration = context.authenticator().generation();
    }

    /**
     * A connection came.
     *
     * @param wire to the client
     * @param addressKey from {@link AddressBook#key}
     * @param connections open connections, this one included
     * @return its session, which may be over already
     */
    public Session connect(final Wire wire, final String addressKey, final int connections) {
        final AddressBook.Entry address = addresses.connected(addressKey);
        final Session session = new Session(this, wire, nextSessionId++, address);
        sessionById.put(session.id(), session);
        timers.add(session);
        strangers.add(session);
        counters().increment(GatewayCounter.CONNECTIONS_TAKEN);
        final Refusal refusal = refuseConnection(address, connections);
        if (refusal != null) {
            counters().increment(GatewayCounter.SESSIONS_REFUSED);
            session.end(-1, refusal);
        }
        return session;
    }

    /** Whether the transport may take connections; asked again before it takes many. */
    public boolean mayConnect() {
        return strangers.mayCome(limits().intValue(SessionLimit.UNAUTHENTICATED_MAX), nowNs);
    }

    private Refusal refuseConnection(final AddressBook.Entry address, final int connections) {
        Refusal refusal =
                draining ? RequestGate.shuttingDown(limits()) : over(SessionLimit.CONNECTIONS_MAX, connections);
        refusal = refusal == null ? over(SessionLimit.CONNECTIONS_PER_ADDRESS_MAX, address.connections()) : refusal;
        if (refusal == null && over(SessionLimit.UNAUTHENTICATED_MAX, strangers.count()) != null) {
            strangers.evict();
        }
        return refusal;
    }

    /** Null while within the limit. */
    Refusal over(final SessionLimit limit, final int actual) {
        final int max = limits().intValue(limit);
        return max == 0 || actual <= max
                ? null
                : Refusal.retry(
                        ErrorCode.TOO_MANY_CONNECTIONS,
                        retryMs(),
                        max,
                        actual,
                        "too many: " + limit.label() + "=" + max + ", actual=" + actual);
    }

    private int retryMs() {
        return limits().intValue(SessionLimit.EXHAUSTED_RETRY_MS);
    }

    /**
     * Tells the time, before anything else of a duty cycle.
     *
     * @param newNowNs monotonic
     * @param newNowMs wall clock
     */
    public void time(final long newNowNs, final long newNowMs) {
        nowNs = newNowNs;
        nowMs = newNowMs;
    }

    /**
     * Whatever is due: sessions that waited, pieces from the journal, time-outs.
     *
     * @return 0 if nothing was
     */
    public int doWork() {
        final int work = waits.doWork(nowNs) + reader.poll() + uploads.doWork();
        if (nowNs - tickNs >= TICK_NS) {
            tickNs = nowNs;
            onTick();
        }
        return work;
    }

    private void onTick() {
        subscriptionParts.onTick();
        if (nowNs - tidyNs >= TIDY_NS) {
            tidyNs = nowNs;
            addresses.tidy(nowNs);
            uploads.tidy(nowNs);
            stalls.look(sessionById.values(), nowNs);
            final long errors = context.authenticator().refreshErrors();
            counters().add(GatewayCounter.TOKEN_FILE_ERRORS, errors - refreshErrors);
            refreshErrors = errors;
            // What is in debt is kept, so that reconnecting does not pay it.
            accounts.values().removeIf(account -> account.isIdle(nowNs));
            feedById.values().removeIf(feed -> feed.tidy(nowNs, waits.door()));
        }
        final long generation = context.authenticator().generation();
        final boolean grantsChanged = generation != grantsGeneration;
        grantsGeneration = generation;
        if (grantsChanged || draining) {
            lookAtAll(grantsChanged);
        }
        timers.onTick(nowNs, nowMs);
    }

    private void lookAtAll(final boolean grantsChanged) {
        snapshot.clear();
        snapshot.addAll(sessionById.values());
        for (int i = 0; i < snapshot.size(); i++) {
            final Session session = snapshot.get(i);
            if (grantsChanged && session.grant() != null) {
                session.onGrantsChanged(context.authenticator().current(session.grant()));
            }
            if (draining
                    && session.state() != SessionState.CLOSED
                    && (!session.awaitsAnswers() || nowNs - drainDeadlineNs >= 0)) {
                session.end("the node is going away");
            }
        }
        snapshot.clear();
    }

    /**
     * One command was decided and committed.
     *
     * @param slot good only until this returns
     */
    public void onCommitted(final CommittedSlot slot) {
        if (slot.kind() == CommandKind.LARGE_STEP || slot.kind() == CommandKind.LARGE_PART) {
            uploads.largeSets().onCommitted(slot);
            return;
        }
        final Session session = slot.answerLength() > 0 ? sessionById.get(slot.sessionId()) : null;
        if (waits.door().parks(slot, session)) {
            return;
        }
        if (session != null) {
            counters().increment(GatewayCounter.ANSWERS);
            session.onAnswer(slot.kind(), slot.buffer(), slot.answerOffset(), slot.answerLength());
        }
        final DatabaseFeed feed = feedById.get(slot.databaseId());
        if (feed != null) {
            feed.onDecided(slot);
        }
        waits.door().onDecided(slot);
    }

    /**
     * Says GoAway to all and takes nothing new; sessions end when their requests are answered, or when time is up.
     *
     * @param reason for people
     * @param reconnectAfterMs not before
     */
    public void drain(final String reason, final long reconnectAfterMs) {
        if (draining) {
            return;
        }
        draining = true;
        drainDeadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(limits().value(SessionLimit.DRAIN_TIMEOUT_MS));
        for (final Session session : sessionList()) {
            if (session.state() != SessionState.CONNECTED) {
                publisher.goAway(session, reconnectAfterMs, reason);
            }
        }
        uploads.onDrain();
    }

    boolean publish(
            final Session session,
            final CommandKind kind,
            final int flags,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        command.set(kind, session.id(), session.grant().principalId(), session.databaseId(), flags, 0);
        final boolean published = waits.admission().tryPublish(session, command, buffer, offset, length);
        if (published && session.feed() != null) {
            session.feed().turn().published();
        }
        return published;
    }

    /** Null if the session may go on as this principal. */
    Refusal admit(final Session session, final Grant grant, final long[] ownSites, final int heartbeatMs) {
        PrincipalAccount account = accounts.get(grant.principal());
        final Refusal refusal =
                over(SessionLimit.SESSIONS_PER_PRINCIPAL_MAX, account == null ? 1 : account.sessions() + 1);
        if (refusal != null) {
            counters().increment(GatewayCounter.SESSIONS_REFUSED);
            return refusal;
        }
        if (account == null) {
            account = new PrincipalAccount(limits(), nowNs);
            accounts.put(grant.principal(), account);
        }
        account.sessions(account.sessions() + 1);
        addresses.authenticated(session.address());
        strangers.remove(session);
        session.onKnown(grant, account, ownSites, TimeUnit.MILLISECONDS.toNanos(heartbeatMs));
        return null;
    }

    void onAuthenticationFailed(final Session session) {
        counters().increment(GatewayCounter.AUTH_FAILURES);
        addresses.failed(session.address(), nowNs);
    }

    /** How long its address has to wait until a token of it is looked at. */
    long authenticationWaitNs(final Session session) {
        return addresses.waitNs(session.address(), nowNs);
    }

    /** The feed of a database; a new one stands where the answer to its first session says. */
    int sessionsOf(final int databaseId) {
        return feedById.containsKey(databaseId) ? feedById.get(databaseId).sessions() : 0;
    }

    DatabaseFeed feed(final int databaseId, final long sequence) {
        final DatabaseFeed feed = feedById.computeIfAbsent(
                databaseId,
                id -> new DatabaseFeed(
                        id, sequence, limits(), counters(), subscriptionParts.routeSeed(), waits.turns(), nowNs));
        feed.turn().hold(uploads.largeSets().holds(databaseId));
        return feed;
    }

    /** Null if no session has the database open, and none had it a moment ago. */
    DatabaseFeed feedOf(final int databaseId) {
        return feedById.get(databaseId);
    }

    /** Null if one more session may use it. */
    Refusal join(final DatabaseFeed feed) {
        final Refusal refusal = over(SessionLimit.SESSIONS_PER_DATABASE_MAX, feed.sessions() + 1);
        if (refusal == null) {
            feed.sessions(feed.sessions() + 1);
            counters().increment(GatewayCounter.SESSIONS);
        } else {
            counters().increment(GatewayCounter.SESSIONS_REFUSED);
        }
        return refusal;
    }

    void onEnded(final Session session) {
        sessionById.remove(session.id());
        waits.forget(session);
        buffers.readsDone(session.readsInFlight());
        session.streams().end();
        final PrincipalAccount account = session.account();
        addresses.disconnected(session.address(), account != null);
        if (account != null) {
            account.sessions(account.sessions() - 1);
        } else {
            strangers.remove(session);
        }
        final DatabaseFeed feed = session.feed();
        if (feed != null) {
            counters().decrement(GatewayCounter.SESSIONS);
            feed.sessions(feed.sessions() - 1);
        }
    }

    Uploads uploads() {
        return uploads;
    }

    Waits waits() {
        return waits;
    }

    ReaderDoor reader() {
        return reader;
    }

    SubscriptionParts subscriptionParts() {
        return subscriptionParts;
    }

    /** Tells the operator, one line a category at a time. */
    public void log(final String category, final String message) {
        log.event(category, message, nowNs);
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        return draining;
    }

    /** Sessions that are not over. */
    public int sessions() {
        return sessionById.size();
    }

    /** Sessions that are not over, in no order; for tests and status. */
    public List<Session> sessionList() {
        return new ArrayList<>(sessionById.values());
    }

    /** What all connections may hold. */
    public BufferBudget buffers() {
        return buffers;
    }

    SessionAdapter adapter() {
        return adapter;
    }

    SessionPublisher publisher() {
        return publisher;
    }

    public SessionLimits limits() {
        return context.limits();
    }

    GatewayCounters counters() {
        return context.counters();
    }

    int outboundBytesMax() {
        return outboundBytesMax;
    }

    int frameBytesMax() {
        return context.frameLimits().frameBytesMax();
    }

    long nowNs() {
        return nowNs;
    }

    long nowMs() {
        return nowMs;
    }
}
