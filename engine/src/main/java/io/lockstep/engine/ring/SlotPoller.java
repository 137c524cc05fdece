package io.lockstep.engine.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import org.agrona.LangUtil;

/**
 * One stage's place on the ring. Belongs to the stage's thread, but for {@link #sequence()}.
 *
 * <p>The stage's sequence moves when a poll returns, also when the handler throws: a stage whose handler threw must not
 * poll again.
 */
public final class SlotPoller {
    private final EventPoller<CommandSlot> poller;
    private final EventPoller.Handler<CommandSlot> adapter = this::onEvent;
    private final RingBuffer<CommandSlot> ring;
    private SlotHandler handler;
    private int limit;
    private int taken;

    SlotPoller(final RingBuffer<CommandSlot> ring, final EventPoller<CommandSlot> poller) {
        this.ring = ring;
        this.poller = poller;
    }

    /**
     * Hands on slots that the stage before has passed.
     *
     * @param slotHandler gets them in order
     * @param slotsMax at most this many, at least 1
     * @return how many were handed on
     */
    public int poll(final SlotHandler slotHandler, final int slotsMax) {
        handler = slotHandler;
        limit = slotsMax;
        taken = 0;
        try {
            poller.poll(adapter);
        } catch (final Exception ex) {
            LangUtil.rethrowUnchecked(ex);
        }
        return taken;
    }

    /**
     * Shows slots that were published and that this stage has not passed, and leaves its sequence where it is. For the
     * first stage only: others could see slots that the stage before has in hand.
     *
     * @param slotHandler gets them in order; its answer does not count
     * @param slotsMin with fewer than this, none is shown
     * @param slotsMax at most this many
     * @return how many were shown
     */
    public int peek(final SlotHandler slotHandler, final int slotsMin, final int slotsMax) {
        final long next = poller.getSequence().get() + 1;
        final int count = (int) Math.min(slotsMax, ring.getCursor() + 1 - next);
        if (count < slotsMin) {
            return 0;
        }
        for (int i = 0; i < count; i++) {
            slotHandler.onSlot(ring.get(next + i));
        }
        return count;
    }

    private boolean onEvent(final CommandSlot slot, final long sequence, final boolean endOfBatch) {
        final boolean more = handler.onSlot(slot);
        return ++taken < limit && more;
    }

    /**
     * The last slot that this stage has passed. Any thread.
     *
     * @return a slot number, -1 before the first
     */
    public long sequence() {
        return poller.getSequence().get();
    }
}
