package io.lockstep.gateway.session;

import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import java.nio.ByteOrder;
import java.util.ArrayList;

/**
 * One database with sessions, as the thread of the transports sees it: how far it is committed, and who is live.
 *
 * <h2>Why nothing is lost or sent twice between journal and live set</h2>
 *
 * All that decides is owned by this one thread: {@code committed}, the sequence of the last slot of the database that
 * egress handed over, and each subscription's {@code delivered}, the last sequence that it was sent or that was left out
 * for it. Sequences of a database have no gaps, and slots come in their order.
 *
 * <ol>
 *   <li>A subscription sends sequence s only when delivered = s - 1, and then sets delivered = s: from the ring, from the
 *       recent deliveries or from the journal alike. So nothing is sent twice or out of order, whatever the source.
 *   <li>It joins the live set only when delivered &ge; committed, between two slots. The next slot is committed + 1: either
 *       it is delivered + 1, and is sent, or the journal had it already (the reader may be ahead of egress, for it stops at
 *       the commit position, which egress follows), and it is skipped. So there is no gap.
 *   <li>It leaves the live set without sending whenever it has no room; delivered stays, and by 1 it goes on from there.
 *   <li>A piece from the journal that was asked for at an older {@code delivered} brings sequences at or below the present
 *       one; they are skipped. It never begins above delivered + 1.
 * </ol>
 *
 * <h2>Why that holds for those with filters, which are not touched when nothing matches</h2>
 *
 * <ol start="5">
 *   <li>A sequence that does not match is passed by setting delivered to it, as one that is sent would: from the recent ones
 *       and the journal by 1, so that exactly one set of filters decides on each sequence, that in force when it is passed.
 *       A piece that the reader filtered by others is thrown away, and asked for again.
 *   <li>While such a one is live, its delivered is max(delivered, committed) between two slots, without being written down:
 *       by 2 that holds when it joins, and each slot that is next either reaches it through {@link SubscriptionIndex}, which
 *       finds everybody whom the slot matches and whoever else it likes, or does not match it.
 *   <li>It is written down before the subscription stops being live: as committed when it leaves between two slots (to end,
 *       to change its filters), and as the sequence before the slot in hand when there is no room for that.
 * </ol>
 */
final class DatabaseFeed {
    private static final int RECENT_IDLE_SECONDS = 30;

    private final int databaseId;
    private final GatewayCounters counters;
    private final int recentBytes;
    private RecentDeliveries recent;
    private final Quota quota;
    private final DatabaseTurn turn;
    private final Line ringLine = new Admission.RingLine();
    private final ArrayList<Subscription> live = new ArrayList<>();
    private final RouteKey.Seed routeSeed;
    private SubscriptionIndex index;
    private final ArrayList<RoutedEntry> matched = new ArrayList<>();
    private boolean keysFolded;
    private long check;
    private long checkBefore;
    private int subscriptions;
    private int sessions;
    private long committed;

    DatabaseFeed(
            final int databaseId,
            final long committed,
            final SessionLimits limits,
            final GatewayCounters counters,
            final RouteKey.Seed routeSeed,
            final Turns turns,
            final long nowNs) {
        this.databaseId = databaseId;
        this.counters = counters;
        this.committed = committed;
        this.routeSeed = routeSeed;
        this.recentBytes = limits.intValue(SessionLimit.RECENT_DELIVERY_BYTES) & -8;
        quota = new Quota(
                limits, SessionLimit.DATABASE_BYTES_PER_SECOND, SessionLimit.DATABASE_MESSAGES_PER_SECOND, nowNs);
        turn = new DatabaseTurn(turns, limits);
    }

    /** A command for this database, or that opened it, was decided and committed. */
    void onDecided(final CommittedSlot slot) {
        if (slot.kind() == CommandKind.LARGE_PART || slot.kind() == CommandKind.LARGE_STEP) {
            return;
        }
        if (slot.sessionId() != 0 && slot.kind() != CommandKind.OPEN_DATABASE) {
            turn.answered();
        }
        if (slot.kind() == CommandKind.CHANGE_SET && slot.recordLength() > 0) {
            onCommitted(slot);
        }
    }

    private long passTo(final CommittedSlot slot) {
        final long sequence =
                slot.buffer().getLong(slot.recordOffset() + RecordDescriptor.SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
        committed = sequence;
        checkBefore = check;
        check = slot.buffer().getLong(slot.recordOffset() + RecordDescriptor.HASH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return sequence;
    }

    /** A large change set that had an effect: nobody gets it live, since only the journal has it whole. */
    void onLargeSet(final CommittedSlot slot) {
        final long sequence = passTo(slot);
        if (subscriptions == 0) {
            return;
        }
        recent.reset(sequence + 1);
        final ArrayList<Subscription> left = new ArrayList<>(live);
        if (index != null) {
            index.collectAll(sequence, matched);
            for (int i = 0; i < matched.size(); i++) {
                left.add(matched.get(i).subscription());
            }
            matched.clear();
        }
        for (final Subscription subscription : left) {
            subscription.onLargeSet(sequence);
        }
    }

    /** A change set that had an effect. */
    private void onCommitted(final CommittedSlot slot) {
        final long sequence = passTo(slot);
        if (subscriptions == 0) {
            return;
        }
        final int length = recent.add(sequence, slot.buffer(), slot.recordOffset(), slot.recordLength());
        // Backwards, since one that has no room leaves the set, and another takes its place that was served already.
        for (int i = live.size() - 1; i >= 0; i--) {
            offer(live.get(i), sequence, length);
        }
        if (index != null && !index.isEmpty()) {
            index.collect(sequence, recent.lastBuffer(), recent.lastOffset(), matched);
            for (int i = 0; i < matched.size(); i++) {
                offer(matched.get(i).subscription(), sequence, length);
            }
            counters.add(GatewayCounter.ROUTED, matched.size());
            matched.clear();
        }
    }

    private void offer(final Subscription subscription, final long sequence, final int length) {
        if (!subscription.onLive(sequence, recent.lastBuffer(), recent.lastOffset(), length)) {
            leave(subscription);
            subscription.onLeftLive();
        }
    }

    void join(final Subscription subscription) {
        if (subscription.filters().isAll()) {
            subscription.liveIndex(live.size());
            live.add(subscription);
        } else {
            final RoutedEntry entry = new RoutedEntry(subscription, subscription.filters());
            index.join(entry);
            subscription.routed(entry);
        }
        counters.increment(GatewayCounter.LIVE_SUBSCRIBERS);
    }

    void leave(final Subscription subscription) {
        if (!subscription.isLive()) {
            return;
        }
        if (subscription.routed() != null) {
            index.leave(subscription.routed());
            subscription.routed(null);
        } else {
            final int place = subscription.liveIndex();
            final Subscription last = live.remove(live.size() - 1);
            if (last != subscription) {
                live.set(place, last);
                last.liveIndex(place);
            }
            subscription.liveIndex(-1);
        }
        counters.decrement(GatewayCounter.LIVE_SUBSCRIBERS);
    }

    /** Who names which globs; one that ends or changes its filters leaves first. */
    SubscriptionIndex index() {
        if (index == null) {
            index = new SubscriptionIndex(routeSeed);
        }
        return index;
    }

    /** Whether keys, and so prefixes of keys, are in the quereus key form. */
    boolean keysFolded() {
        return keysFolded;
    }

    void keysFolded(final boolean folded) {
        keysFolded = folded;
    }

    /** Check of {@link #committed()}; known once a slot came. */
    long check() {
        return check;
    }

    /** Check of the sequence before {@link #committed()}; known once two slots came. */
    long checkBefore() {
        return checkBefore;
    }

    void subscribed() {
        if (subscriptions++ == 0) {
            recent = new RecentDeliveries(recentBytes, committed + 1);
        }
    }

    void unsubscribed() {
        if (--subscriptions == 0) {
            recent = null;
        }
    }

    /** Null while there is no subscription. */
    RecentDeliveries recent() {
        return recent;
    }

    int databaseId() {
        return databaseId;
    }

    /**
     * Once a second: gives back what is only of use while somebody writes. Returns true if it is of no use at all; then the
     * database may leave memory, too.
     */
    boolean tidy(final long nowNs, final DatabaseDoor door) {
        if (recent != null) {
            recent.releaseIfIdle(RECENT_IDLE_SECONDS);
        }
        final boolean isIdle = sessions == 0 && turn.inFlight() == 0 && !turn.isHeld();
        return isIdle && !quota.isInDebt(nowNs) && door.release(databaseId);
    }

    long committed() {
        return committed;
    }

    Quota quota() {
        return quota;
    }

    DatabaseTurn turn() {
        return turn;
    }

    /** Its sessions whose frame waits for room in the ring. */
    Line ringLine() {
        return ringLine;
    }

    int subscriptions() {
        return subscriptions;
    }

    int sessions() {
        return sessions;
    }

    void sessions(final int newSessions) {
        sessions = newSessions;
    }
}
