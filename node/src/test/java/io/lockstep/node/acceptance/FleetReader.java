package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.StatePage;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A device: it comes and goes, follows a part of the database, changes its mind about which, and starts over when it has
 * to. What it is told goes to its {@link FleetVerdict}. One thread.
 */
final class FleetReader implements ClientListener {
    private static final int PAGE_BYTES = 6 << 10;
    private static final int BEYOND_LIVE = 200;
    private static final long NONE = -1;

    private final FleetPlan plan;
    private final FleetTally tally;
    private final FleetVerdict verdict;
    private final Supplier<ClientContext> contexts;
    private final List<Site> sites;
    private final boolean excludeOwn;
    private final boolean stingy;
    private LockstepClient client;
    private boolean closing;
    private Mode mode = Mode.STARTING;
    private Cursor cursor;
    private FleetShape shape;
    private FleetShape wanted;
    private long changeId = NONE;
    private long unsubscribeId = NONE;
    private long heldBytes;
    private long requestId = NONE;
    private long row;
    private long firstSequence;
    private Checkpoint checkpoint = Checkpoint.START;
    private boolean interrupted;
    private FleetRows loading;

    /** Where it is, online or not. */
    private enum Mode {
        STARTING,
        READING_STATE,
        READING_SNAPSHOT,
        FOLLOWING
    }

    FleetReader(
            final FleetPlan plan,
            final FleetTally tally,
            final Supplier<ClientContext> contexts,
            final List<Site> sites,
            final boolean excludeOwn,
            final boolean stingy) {
        this.plan = plan;
        this.tally = tally;
        this.contexts = contexts;
        this.sites = sites;
        this.excludeOwn = excludeOwn;
        this.stingy = stingy;
        shape = plan.shape();
        wanted = shape;
        verdict = new FleetVerdict(plan, tally, sites, excludeOwn);
        if (plan.random().nextInt(3) == 0) {
            // From the beginning, with an empty replica.
            loading = new FleetRows();
            base(0, 0, 0);
        }
    }

    boolean isOnline() {
        return client != null;
    }

    void goOnline() {
        client = new LockstepClient(
                contexts.get()
                        .sites(sites)
                        .automaticCredit(!stingy)
                        .creditBytes(1)
                        .conclude(),
                this);
        closing = false;
        heldBytes = 0;
        client.openDatabase(plan.options());
        if (mode == Mode.FOLLOWING) {
            if (wanted != shape) {
                tally.add(FleetEvent.FILTERS_CHANGED_BY_COMING_BACK);
                reshaped(cursor.sequence());
            }
            client.subscribe(cursor, excludeOwn, shape.filters());
        }
    }

    void goOffline() {
        closing = true;
        client.close();
        client = null;
        changeId = NONE;
        unsubscribeId = NONE;
        interrupt();
        if (mode == Mode.READING_STATE) {
            mode = Mode.STARTING;
        }
    }

    /** What was asked and not answered is asked again. */
    private void interrupt() {
        requestId = NONE;
        interrupted = mode == Mode.READING_SNAPSHOT && checkpoint != Checkpoint.START;
        row = 0;
    }

    int poll(final FleetTruth truth) {
        int work = 0;
        if (client != null) {
            work = client.poll();
            ask();
            grant();
        }
        verdict.check(truth);
        return work;
    }

    private void ask() {
        if (!client.isOpen() || requestId != NONE || mode == Mode.FOLLOWING) {
            return;
        }
        if (mode == Mode.STARTING) {
            mode = plan.random().nextInt(3) == 0 ? Mode.READING_STATE : Mode.READING_SNAPSHOT;
            shape = wanted;
            startOver();
        }
        if (mode == Mode.READING_STATE) {
            loading = row == 0 ? new FleetRows() : loading;
            requestId = Math.max(NONE, client.readState(row, Checkpoint.START, PAGE_BYTES, shape.filters()));
        } else {
            final int pages = 1 + plan.random().nextInt(3);
            // Refused while pages of the request before are under way.
            client.readSnapshot(PAGE_BYTES, pages, shape.filters(), checkpoint);
        }
    }

    private void startOver() {
        row = 0;
        checkpoint = Checkpoint.START;
        interrupted = false;
        loading = new FleetRows();
    }

    @Override
    public void onStatePage(final long id, final StatePageDecoder decoder) {
        final StatePage page = StatePage.decode(decoder);
        requestId = NONE;
        firstSequence = row == 0 ? page.sequence() : firstSequence;
        loading.load(page.cells());
        row = page.nextRow();
        if (page.last()) {
            tally.add(FleetEvent.STATE_READ);
            follow(firstSequence, 0, page.sequence());
        }
    }

    @Override
    public void onSnapshotPage(final long id, final SnapshotPageDecoder decoder) {
        final SnapshotPage page = SnapshotPage.decode(decoder);
        if (checkpoint != Checkpoint.START && page.sequence() != firstSequence) {
            throw plan.failure("pages of two snapshots: sequences=" + firstSequence + ", " + page.sequence());
        }
        if (interrupted) {
            tally.add(FleetEvent.SNAPSHOT_GONE_ON_WITH);
            interrupted = false;
        }
        firstSequence = page.sequence();
        checkpoint = page.checkpoint();
        loading.load(page.cells());
        if (page.last()) {
            tally.add(FleetEvent.BOOTSTRAP_FROM_SNAPSHOT);
            follow(page.sequence(), page.check(), page.exactSequence());
        }
    }

    private void follow(final long sequence, final long check, final long exactSequence) {
        base(sequence, check, exactSequence);
        client.subscribe(cursor, excludeOwn, shape.filters());
    }

    private void base(final long sequence, final long check, final long exactSequence) {
        cursor = check == 0
                ? Cursor.after(plan.database(), sequence)
                : new Cursor(plan.database(), client.session().incarnation(), sequence, check);
        mode = Mode.FOLLOWING;
        verdict.based(sequence, exactSequence, loading, shape);
        loading = null;
    }

    private void reshaped(final long sequence) {
        shape = wanted;
        verdict.reshaped(sequence, shape);
    }

    private void moved(final long sequence, final long check) {
        cursor = new Cursor(plan.database(), client.session().incarnation(), sequence, check);
    }

    @Override
    public void onSubscribed(final long id, final Cursor from, final long databaseSequence) {
        if (from.sequence() != cursor.sequence()) {
            throw plan.failure("subscribed at another place: cursor=" + cursor + ", from=" + from);
        }
        if (databaseSequence - from.sequence() > BEYOND_LIVE) {
            tally.add(FleetEvent.BACK_BEYOND_THE_LIVE_BUFFER);
        }
    }

    @Override
    public void onDelivery(final DeliveryDecoder decoder, final int frameBytes) {
        final Delivery delivery = Delivery.decode(decoder);
        verdict.delivered(delivery);
        moved(delivery.sequence(), delivery.check());
        heldBytes += stingy ? frameBytes : 0;
    }

    @Override
    public void onProgress(final ProgressDecoder progress) {
        verdict.passed(progress.afterSequence(), progress.sequence(), progress.check(), progress.skipped());
        moved(progress.sequence(), progress.check());
    }

    @Override
    public void onSubscriptionChanged(final long id, final long sequence) {
        changeId = NONE;
        reshaped(sequence);
    }

    @Override
    public void onUnsubscribed(final long id, final long sequence) {
        unsubscribeId = NONE;
        if (closing || mode != Mode.FOLLOWING) {
            return;
        }
        if (sequence != cursor.sequence()) {
            throw plan.failure("unsubscribed at another place: cursor=" + cursor + ", sequence=" + sequence);
        }
        client.subscribe(cursor, excludeOwn, shape.filters());
    }

    @Override
    public void onResetRequired(final long id, final ResetRequiredDecoder reset) {
        // Nothing was lost and nobody put another folder in place: only the cursor's record or the next may be gone.
        final long oldest = reset.oldestSequence();
        if (reset.reason() != ResetReason.BEYOND_RETENTION || (oldest != 0 && oldest <= cursor.sequence())) {
            throw plan.failure("reset: reason=" + reset.reason() + ", oldestSequence=" + oldest + ", cursor=" + cursor);
        }
        tally.add(FleetEvent.RESET);
        unsubscribeId = NONE;
        mode = Mode.STARTING;
    }

    @Override
    public void onError(
            final long id,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        if (id == changeId && code == ErrorCode.NOT_SUBSCRIBED.value()) {
            changeId = NONE;
        } else if (id == unsubscribeId && code == ErrorCodes.CONNECTION_LOST) {
            unsubscribeId = NONE;
        } else if (code == ErrorCode.NO_SNAPSHOT.value()) {
            mode = Mode.READING_STATE;
            startOver();
        } else if (code == ErrorCode.CHECKPOINT_REFUSED.value()) {
            startOver();
        } else {
            plan.checkError(id, code, text);
            if (mode == Mode.READING_STATE) {
                startOver();
            }
        }
        requestId = id == requestId ? NONE : requestId;
    }

    @Override
    public void onDisconnected(final String reason) {
        if (!closing) {
            plan.checkLoss(reason);
            interrupt();
        }
    }

    /** Other filters, unless it is about to change them, or has nothing to change. */
    void changeFilters(final FleetTruth truth) {
        if (client == null || mode != Mode.FOLLOWING || changeId != NONE || unsubscribeId != NONE) {
            return;
        }
        final FleetShape next = plan.shape();
        final long id = client.changeFilters(next.filters());
        if (id >= 0) {
            wanted = next;
            changeId = id;
            final boolean behind = truth.sequence() - cursor.sequence() > BEYOND_LIVE;
            tally.add(behind ? FleetEvent.FILTERS_CHANGED_WHILE_BEHIND : FleetEvent.FILTERS_CHANGED);
        }
    }

    void subscribeAnew() {
        if (client != null && mode == Mode.FOLLOWING && changeId == NONE && unsubscribeId == NONE) {
            final long id = client.unsubscribe();
            if (id >= 0) {
                unsubscribeId = id;
                tally.add(FleetEvent.SUBSCRIBED_ANEW);
            }
        }
    }

    /** A slow one grants now and then what it has taken, and is without credit in between. */
    private void grant() {
        if (heldBytes > 0 && plan.random().nextInt(60) == 0) {
            tally.add(FleetEvent.SLOW_READER_WITHOUT_CREDIT);
            client.grantCredit(heldBytes);
            heldBytes = 0;
        }
    }

    /** Starts over from the state, so that all of its part is known to be exact. */
    void startFromState() {
        goOffline();
        mode = Mode.STARTING;
        goOnline();
    }

    /** Whether it has everything, and knows it. */
    boolean hasAll(final FleetTruth truth) {
        return mode == Mode.FOLLOWING && changeId == NONE && unsubscribeId == NONE && verdict.hasAll(truth);
    }

    FleetVerdict verdict() {
        return verdict;
    }

    @Override
    public String toString() {
        return "mode=" + mode + ", open=" + (client != null && client.isOpen()) + ", cursor=" + cursor + ", changeId="
                + changeId + ", unsubscribeId=" + unsubscribeId + ", requestId=" + requestId + ", stingy=" + stingy
                + ", heldBytes=" + heldBytes + ", shape=" + shape + ", " + verdict;
    }

    void close() {
        if (client != null) {
            goOffline();
        }
    }
}
