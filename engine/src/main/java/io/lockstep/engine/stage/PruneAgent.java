package io.lockstep.engine.stage;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.IngressPort;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Prunes all databases at the horizon, on behalf of the node itself: goes round them, one at a time, so that a round takes an
 * interval however many there are. A visit is a Prune on the ring; where nothing is old enough it leaves no record. Where
 * there is more to prune than one command may, the same database is visited again after a short pause. Paced by the time that
 * commands are stamped with. Runs on the thread of the transports.
 */
public final class PruneAgent implements Agent {
    /** Between two commands for one database; each takes arbitration about a tenth of a millisecond. */
    public static final long SLICE_PAUSE_MS = 10;

    private static final int NOTHING_IN_FLIGHT = 0;

    private final IngressPort ingress;
    private final IntSupplier databases;
    private final BooleanSupplier mayWrite;
    private final long intervalMs;
    private final IngressCommand envelope = new IngressCommand();
    private final UnsafeBuffer body =
            new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + PruneEncoder.BLOCK_LENGTH]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PruneResultDecoder result = new PruneResultDecoder();
    private final ErrorDecoder error = new ErrorDecoder();
    private final AtomicLong visits = new AtomicLong();
    private final AtomicLong prunes = new AtomicLong();
    private final AtomicLong pruned = new AtomicLong();
    private int databaseId;
    private int inFlight = NOTHING_IN_FLIGHT;
    private long dueMs;

    /**
     * An agent.
     *
     * @param ingress the ring's door
     * @param databases how many there are, numbered from 1
     * @param mayWrite false while the disk is short: then nothing is pruned
     * @param horizonMs tombstones set more than this before now go; above 0
     * @param intervalMs how long a round takes, above 0; 0 for never
     * @param first the database to begin with, any number: a node that is often started again must not always begin at one
     */
    public PruneAgent(
            final IngressPort ingress,
            final IntSupplier databases,
            final BooleanSupplier mayWrite,
            final long horizonMs,
            final long intervalMs,
            final int first) {
        this.ingress = ingress;
        this.databases = databases;
        this.mayWrite = mayWrite;
        this.intervalMs = intervalMs;
        databaseId = first & Integer.MAX_VALUE;
        new PruneEncoder()
                .wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .requestId(0)
                .horizonMs(horizonMs);
    }

    @Override
    public int doWork() {
        final int count = intervalMs == 0 || inFlight != NOTHING_IN_FLIGHT ? 0 : databases.getAsInt();
        if (count == 0) {
            return 0;
        }
        final long nowMs = ingress.stampedTimeMs();
        if (dueMs == 0) {
            next(count, nowMs);
        }
        if (nowMs < dueMs || !mayWrite.getAsBoolean()) {
            return 0;
        }
        envelope.set(CommandKind.PRUNE, 0, 0, databaseId, 0, 0);
        if (!ingress.tryPublish(envelope, body, 0, body.capacity())) {
            return 0;
        }
        inFlight = databaseId;
        visits.lazySet(visits.getPlain() + 1);
        return 1;
    }

    /** The next one; what was missed, while the disk was short or when the clock went on by a leap, is not made up for. */
    private void next(final int count, final long nowMs) {
        databaseId = databaseId % count + 1;
        dueMs = nowMs + Math.max(1, intervalMs / count);
    }

    /**
     * A command was decided and committed. Thread of the transports.
     *
     * @param slot good only until this returns
     */
    public void onCommitted(final CommittedSlot slot) {
        if (slot.kind() != CommandKind.PRUNE || slot.sessionId() != 0) {
            return;
        }
        inFlight = NOTHING_IN_FLIGHT;
        if (isBusy(slot)) {
            dueMs = ingress.stampedTimeMs() + SLICE_PAUSE_MS;
            return;
        }
        final long count = prunedBy(slot);
        if (count > 0) {
            prunes.lazySet(prunes.getPlain() + 1);
            pruned.lazySet(pruned.getPlain() + count);
            dueMs = ingress.stampedTimeMs() + SLICE_PAUSE_MS;
        } else {
            next(Math.max(1, databases.getAsInt()), ingress.stampedTimeMs());
        }
    }

    /** The database is on its way back into memory: the same one has its turn again. */
    private boolean isBusy(final CommittedSlot slot) {
        return slot.answerLength() > 0
                && header.wrap(slot.buffer(), slot.answerOffset()).templateId() == ErrorDecoder.TEMPLATE_ID
                && error.wrapAndApplyHeader(slot.buffer(), slot.answerOffset(), header)
                                .code()
                        == ErrorCode.BUSY;
    }

    private long prunedBy(final CommittedSlot slot) {
        header.wrap(slot.buffer(), slot.answerOffset());
        return slot.answerLength() > 0 && header.templateId() == PruneResultDecoder.TEMPLATE_ID
                ? result.wrapAndApplyHeader(slot.buffer(), slot.answerOffset(), header)
                        .pruned()
                : 0;
    }

    @Override
    public String roleName() {
        return "prune";
    }

    /**
     * Commands that were sent. Any thread.
     *
     * @return a count since the start
     */
    public long visits() {
        return visits.get();
    }

    /**
     * Commands that removed something. Any thread.
     *
     * @return a count since the start
     */
    public long prunes() {
        return prunes.get();
    }

    /**
     * Tombstones that they removed. Any thread.
     *
     * @return a count since the start
     */
    public long pruned() {
        return pruned.get();
    }
}
