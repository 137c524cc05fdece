package io.lockstep.engine.stage;

import io.lockstep.codec.Durability;
import io.lockstep.engine.port.CommitPort;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.ring.CommitGate;
import org.agrona.concurrent.Agent;

/**
 * Opens the egress gate: past every slot whose commit position is as durable as the node promises. Fails as soon as the
 * journal has failed, so that nothing leaves after it. {@link #committedPosition()} may be read by any thread.
 */
public final class CommitTracker implements Agent, CommitPort {
    private final CommitGate gate;
    private final JournalPort journal;
    private final boolean synced;
    private volatile long committedPosition;

    /**
     * A tracker.
     *
     * @param gate to open
     * @param journal whose positions count
     * @param durability JOURNALED or SYNCED
     */
    public CommitTracker(final CommitGate gate, final JournalPort journal, final Durability durability) {
        this.gate = gate;
        this.journal = journal;
        this.synced = durability == Durability.SYNCED;
        this.committedPosition = position();
    }

    private long position() {
        return synced ? journal.durablePosition() : journal.writtenPosition();
    }

    @Override
    public int doWork() {
        final JournalFailedException failure = journal.failure();
        if (failure != null) {
            throw failure;
        }
        final long position = position();
        if (position > committedPosition) {
            committedPosition = position;
        }
        return gate.advance(position);
    }

    @Override
    public long committedPosition() {
        return committedPosition;
    }

    @Override
    public String roleName() {
        return "commit";
    }
}
