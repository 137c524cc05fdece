package io.lockstep.engine.ring;

import com.lmax.disruptor.EventPoller;
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
    private SlotHandler handler;
    private int limit;
    private int taken;

    SlotPoller(final EventPoller<CommandSlot> poller) {
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
