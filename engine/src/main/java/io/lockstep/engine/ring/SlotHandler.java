package io.lockstep.engine.ring;

/** Receives the slots that a {@link SlotPoller} finds, on the poller's thread. */
@FunctionalInterface
public interface SlotHandler {
    /**
     * One slot. There is no "again": once this returns, the slot counts as taken.
     *
     * @param slot good until the stage's sequence moves on, which happens when the poll returns
     * @return false to take no more slots in this poll
     */
    boolean onSlot(CommandSlot slot);
}
