package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Site;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import java.util.ArrayList;
import java.util.List;

/** The log of one database as a reader has it who asks for everything and is never away: what the others are held against. */
final class FleetTruth implements ClientListener {
    private final FleetPlan plan;
    private LockstepClient client;
    private Site incarnation;
    private final List<Delivery> log = new ArrayList<>();
    private final FleetRows rows = new FleetRows();
    private boolean created;

    FleetTruth(final FleetPlan plan, final ClientContext context) {
        this.plan = plan;
        come(context);
    }

    /** Comes, or comes back: nobody wrote meanwhile. */
    void come(final ClientContext context) {
        final Cursor cursor = log.isEmpty()
                ? Cursor.start(plan.database())
                : new Cursor(
                        plan.database(), incarnation, sequence(), at(sequence()).check());
        client = new LockstepClient(context.conclude(), this);
        client.openDatabase(plan.options());
        client.subscribe(cursor, false);
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
        created = true;
        incarnation = client.session().incarnation();
    }

    @Override
    public void onDelivery(final DeliveryDecoder decoder, final int frameBytes) {
        final Delivery delivery = Delivery.decode(decoder);
        final long next = log.size() + 1;
        if (delivery.sequence() != next || delivery.afterSequence() != next - 1) {
            throw plan.failure("the log has a gap: expected=" + next + ", came=" + delivery);
        }
        log.add(delivery);
        rows.apply(delivery.clock(), delivery.changes());
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {
        throw plan.failure("the reader of everything was reset: reason=" + reset.reason() + ", oldestSequence="
                + reset.oldestSequence() + ", sequence=" + sequence());
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        plan.checkError(requestId, code, text);
    }

    @Override
    public void onDisconnected(final String reason) {
        plan.checkLoss(reason);
    }

    int poll() {
        return client.poll();
    }

    /** Whether the database is there. */
    boolean isCreated() {
        return created;
    }

    long sequence() {
        return log.size();
    }

    Delivery at(final long sequence) {
        return log.get((int) sequence - 1);
    }

    /** After the last sequence of the log. */
    FleetRows rows() {
        return rows;
    }

    /** Goes, perhaps before it was connected; it may come back. */
    void close() {
        client.close();
    }
}
