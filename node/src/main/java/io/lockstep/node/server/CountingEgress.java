package io.lockstep.node.server;

import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.stage.PruneAgent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what was decided on its way to the gateway. Written by the thread of the transports, read by any.
 */
final class CountingEgress implements EgressPort {
    private final AtomicLong sets = new AtomicLong();
    private final AtomicLong setsWithEffect = new AtomicLong();
    private final AtomicLong databases = new AtomicLong();
    private EgressPort target;
    private PruneAgent prune;

    /**
     * Counts on.
     *
     * @param databasesAtStart those that recovery found
     */
    CountingEgress(final long databasesAtStart) {
        databases.set(databasesAtStart);
    }

    /**
     * Where slots go; set before the engine starts.
     *
     * @param newTarget the gateway
     */
    void target(final EgressPort newTarget) {
        target = newTarget;
    }

    /**
     * Who is told what became of the node's own prunes; set before the engine starts.
     *
     * @param newPrune runs on the same thread
     */
    void prune(final PruneAgent newPrune) {
        prune = newPrune;
    }

    /** As set. */
    PruneAgent prune() {
        return prune;
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {
        if (slot.kind() == CommandKind.CHANGE_SET) {
            sets.lazySet(sets.getPlain() + 1);
            if (slot.recordLength() > 0) {
                setsWithEffect.lazySet(setsWithEffect.getPlain() + 1);
            }
        } else if (slot.kind() == CommandKind.OPEN_DATABASE && slot.recordLength() > 0) {
            databases.lazySet(databases.getPlain() + 1);
        } else if (slot.kind() == CommandKind.PRUNE) {
            prune.onCommitted(slot);
        }
        target.onCommitted(slot);
    }

    @Override
    public void onBatchEnd() {
        target.onBatchEnd();
    }

    long sets() {
        return sets.get();
    }

    long setsWithEffect() {
        return setsWithEffect.get();
    }

    long databases() {
        return databases.get();
    }
}
