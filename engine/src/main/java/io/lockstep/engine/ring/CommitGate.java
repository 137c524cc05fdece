package io.lockstep.engine.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;

/** What holds egress back: it polls behind this gate, which the commit tracker moves. Belongs to the tracker's thread. */
public final class CommitGate {
    private final RingBuffer<CommandSlot> ring;
    private final SlotPoller journal;
    private final Sequence gate;
    private long next;

    CommitGate(final RingBuffer<CommandSlot> ring, final SlotPoller journal, final Sequence gate) {
        this.ring = ring;
        this.journal = journal;
        this.gate = gate;
    }

    /**
     * Lets pass every journaled slot that relies on nothing beyond a position.
     *
     * @param committedPosition journal position that is committed
     * @return how many slots it let pass
     */
    public int advance(final long committedPosition) {
        final long first = next;
        final long journaled = journal.sequence();
        while (next <= journaled && ring.get(next).position() <= committedPosition) {
            next++;
        }
        if (next != first) {
            gate.set(next - 1);
        }
        return (int) (next - first);
    }

    /**
     * The last slot that egress may take. Any thread.
     *
     * @return a slot number, -1 before the first
     */
    public long sequence() {
        return gate.get();
    }
}
