package io.lockstep.client.offline;

import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.TableFilter;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One client and what it has in hand: sends what the outbox holds, and stages what the node says until {@link #settle} has
 * written it down. The database's thread, but for {@link #wakeup}.
 */
final class NodeLink implements ClientListener, AutoCloseable {
    private static final long NONE = -1;

    private final OfflineContext context;
    private final LocalDatabase database;
    private final LockstepClient client;
    private final HandedOver handedOver;
    private final List<Staged> staged = new ArrayList<>();
    private final Teller teller;
    private final long openId;
    private long subscribeId = NONE;
    private long subscribeNotBeforeNs;
    private long nodeSequence;
    private long liveSequence = Long.MAX_VALUE;
    private long ackedSequence;
    private boolean open;
    private boolean openRefused;
    private boolean live;
    private boolean unsubscribing;
    private String lastReason = "";
    private ResetCause reset;
    private String resetText = "";

    NodeLink(final OfflineContext context, final LocalDatabase database, final Teller teller) {
        this.context = context;
        this.database = database;
        this.teller = teller;
        client = new LockstepClient(context.client(), this);
        handedOver = new HandedOver(client, database, teller);
        openId = client.openDatabase(context.database());
        subscribeNotBeforeNs = nowNs();
    }

    private long nowNs() {
        return context.client().clock().nanoTime();
    }

    int poll() {
        return client.poll();
    }

    void await(final long maxNs) {
        client.await(maxNs);
    }

    /** Any thread. */
    void wakeup() {
        client.wakeup();
    }

    void requestClose() {
        client.requestClose();
    }

    /** Whether there is nothing to be hoped from it. */
    boolean isOver() {
        return client.isClosed() || openRefused;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether deliveries come. */
    boolean isFollowing() {
        return open && live;
    }

    /** Deliveries up to here make it live. */
    long liveSequence() {
        return liveSequence;
    }

    long nodeSequence() {
        return nodeSequence;
    }

    String lastReason() {
        return lastReason;
    }

    /** Why the state has to be read anew; null if it need not be. */
    ResetCause reset() {
        return reset;
    }

    String resetText() {
        return resetText;
    }

    void reset(final ResetCause cause, final String text) {
        reset = cause;
        resetText = text;
    }

    /** The state was read: deliveries are asked for from there. */
    void resetDone() {
        reset = null;
        subscribeId = NONE;
        live = false;
    }

    /** Writes down what the node said, and tells of it. */
    int settle() {
        if (staged.isEmpty()) {
            return 0;
        }
        final int count = staged.size();
        database.settle(staged);
        for (final Staged each : staged) {
            if (each instanceof NodeWords.Effects effects) {
                teller.applied(effects.delivery());
            }
        }
        staged.clear();
        return count;
    }

    /** Hands over what waits in the outbox, as far as there is room. */
    int send() {
        return open && !isOver() ? handedOver.send(nowNs(), staged::add) : 0;
    }

    /** Asks for deliveries, or finds that the state has to be read first. */
    int follow(final List<TableFilter> filters) {
        if (!open || isOver() || reset != null || nowNs() - subscribeNotBeforeNs < 0) {
            return 0;
        }
        final boolean otherFilters = !filters.equals(database.read(LocalState::filters));
        if (subscribeId != NONE) {
            return otherFilters ? unsubscribe() : 0;
        }
        final Cursor cursor = database.read(LocalState::cursor);
        if (otherFilters) {
            reset(ResetCause.FILTERS_CHANGED, "filters=" + filters);
        } else if (cursor.sequence() == 0 && cursor.incarnation() == null && nodeSequence > 0) {
            reset(ResetCause.FIRST_TIME, "databaseSequence=" + nodeSequence);
        } else {
            final long id = client.subscribe(cursor, false, filters);
            subscribeId = id < 0 ? NONE : id;
        }
        return 1;
    }

    private int unsubscribe() {
        if (unsubscribing || !live) {
            return 0;
        }
        unsubscribing = client.unsubscribe() >= 0;
        return unsubscribing ? 1 : 0;
    }

    /** Tells the node what is kept. */
    void ack(final long sequence) {
        if (live && sequence > ackedSequence && client.ackCursor(sequence) >= 0) {
            ackedSequence = sequence;
        }
    }

    @Override
    public void close() {
        client.close();
        database.change(state -> {
            state.outbox().takeBackAll();
            return null;
        });
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
        open = true;
        nodeSequence = Math.max(nodeSequence, info.sequence());
        final Settings told = new Settings(info.rowPolicy(), info.keyForm());
        if (!told.equals(database.read(LocalState::settings))) {
            staged.add(new NodeWords.Rules(told));
        }
    }

    @Override
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        final Long id = handedOver.take(requestId);
        if (id == null) {
            return;
        }
        if (result.status() == SubmitStatus.REJECTED_DRIFT) {
            handedOver.waitForClock(id, nowNs(), result.actualValue(), result.limitValue());
            return;
        }
        final NodeWords.Answer answer = NodeWords.Answer.of(id, result);
        nodeSequence = Math.max(nodeSequence, answer.outcome().databaseSequence());
        staged.add(answer);
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        lastReason = ErrorCodes.name(code) + ": " + text;
        final Long id = handedOver.take(requestId);
        if (id != null) {
            if (code == ErrorCodes.CLIENT_CLOSED || code == ErrorCodes.CONNECTION_LOST || openRefused) {
                handedOver.takeBack(id);
            } else {
                staged.add(new NodeWords.No(id, code, text));
            }
        } else if (requestId == openId) {
            openRefused = code != ErrorCodes.CLIENT_CLOSED;
            open = false;
            teller.refused(code, text);
        } else if (requestId == subscribeId && requestId != NONE) {
            subscribeId = NONE;
            live = false;
            if (code == ErrorCodes.RESET_REQUIRED) {
                reset(ResetCause.INCARNATION_DIFFERS, text);
            } else {
                subscribeNotBeforeNs = nowNs() + TimeUnit.MILLISECONDS.toNanos(context.retryMs());
                teller.refused(code, text);
            }
        } else if (requestId == NONE) {
            teller.refused(code, text);
        }
    }

    @Override
    public void onHeldUp(final long requestId, final int code) {
        handedOver.heldUp(requestId, ErrorCodes.name(code));
    }

    @Override
    public void onSubscribed(final long requestId, final Cursor cursor, final long databaseSequence) {
        live = true;
        liveSequence = databaseSequence;
        nodeSequence = Math.max(nodeSequence, databaseSequence);
        if (!cursor.incarnation().equals(database.read(LocalState::cursor).incarnation())) {
            staged.add(new NodeWords.Journal(cursor.incarnation()));
        }
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {
        nodeSequence = Math.max(nodeSequence, delivery.sequence());
        staged.add(NodeWords.Effects.of(delivery));
    }

    @Override
    public void onProgress(final ProgressDecoder progress) {
        nodeSequence = Math.max(nodeSequence, progress.sequence());
        staged.add(new NodeWords.Nothing(Progress.decode(progress)));
    }

    @Override
    public void onUnsubscribed(final long requestId, final long sequence) {
        subscribeId = NONE;
        live = false;
        unsubscribing = false;
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder required) {
        subscribeId = NONE;
        live = false;
        nodeSequence = required.sequence();
        final ResetCause cause = ResetCause.of(required.reason());
        reset(cause, required.text());
    }

    @Override
    public void onDisconnected(final String reason) {
        open = false;
        live = false;
        unsubscribing = false;
        liveSequence = Long.MAX_VALUE;
        handedOver.connectionLost();
        lastReason = reason;
    }
}
