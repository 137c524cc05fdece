package io.lockstep.engine.ring;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;

/**
 * The wiring: ingress, arbitrate, journal, commit gate, egress; each behind the one before.
 *
 * <pre>
 *  ingress ──▶ [ slots, one Disruptor ring, ProducerType.SINGLE ]
 *     │           arbitrate ──▶ journal ──▶ commit gate ──▶ egress ──▶ (slot free for ingress)
 *     │             │  frees ▲                                │ frees
 *     └─ claims ─▶ command bytes   claims ─▶ record bytes ◀───┘
 * </pre>
 *
 * Nobody waits inside the Disruptor: ingress tries, stages poll; its wait strategy is never used.
 */
public final class CommandRing {
    private final RingBuffer<CommandSlot> ring;
    private final ByteRing commands;
    private final ByteRing records;
    private final SlotPoller arbitrate;
    private final SlotPoller journal;
    private final SlotPoller egress;
    private final CommitGate gate;

    /**
     * Allocates everything.
     *
     * @param slots a power of two: most commands in flight
     * @param commandBytes a power of two: most bytes of commands between ingress and arbitration
     * @param recordBytes a power of two: most bytes of records and answers between arbitration and egress
     */
    public CommandRing(final int slots, final int commandBytes, final int recordBytes) {
        commands = new ByteRing(commandBytes);
        records = new ByteRing(recordBytes);
        ring = RingBuffer.createSingleProducer(
                () -> new CommandSlot(records.buffer()), slots, new BusySpinWaitStrategy());
        final Sequence gateSequence = new Sequence();
        final var arbitratePoller = ring.newPoller();
        final var journalPoller = ring.newPoller(arbitratePoller.getSequence());
        final var egressPoller = ring.newPoller(gateSequence);
        ring.addGatingSequences(egressPoller.getSequence());
        arbitrate = new SlotPoller(ring, arbitratePoller);
        journal = new SlotPoller(ring, journalPoller);
        egress = new SlotPoller(ring, egressPoller);
        gate = new CommitGate(ring, journal, gateSequence);
    }

    RingBuffer<CommandSlot> slots() {
        return ring;
    }

    /** Gives the memory of both byte rings back at once, not when the garbage collector finds them. After the last use. */
    public void free() {
        commands.free();
        records.free();
    }

    /**
     * Bytes of commands: claimed by ingress, freed by the arbitrate stage.
     *
     * @return the ring
     */
    public ByteRing commands() {
        return commands;
    }

    /**
     * Bytes of records and answers: claimed by the arbitrate stage, freed by the egress stage.
     *
     * @return the ring
     */
    public ByteRing records() {
        return records;
    }

    /**
     * The first stage.
     *
     * @return its place
     */
    public SlotPoller arbitrate() {
        return arbitrate;
    }

    /**
     * The second stage.
     *
     * @return its place
     */
    public SlotPoller journal() {
        return journal;
    }

    /**
     * The last stage; a slot that it has passed is free again.
     *
     * @return its place
     */
    public SlotPoller egress() {
        return egress;
    }

    /**
     * Between journal and egress.
     *
     * @return the gate
     */
    public CommitGate gate() {
        return gate;
    }

    /**
     * The last slot that ingress published. Any thread.
     *
     * @return a slot number, -1 before the first
     */
    public long published() {
        return ring.getCursor();
    }

    /**
     * Slots that are free now. Any thread, for statistics.
     *
     * @return 0 to the number of slots
     */
    public long freeSlots() {
        return ring.getBufferSize() - (ring.getCursor() - egress.sequence());
    }
}
