package io.lockstep.engine.port;

/** Where committed decisions go. Called by the egress stage, on the thread of the transports, in ring order. */
public interface EgressPort {
    /**
     * One command was decided, and all that its decision relies on is committed.
     *
     * @param slot good only until this returns
     */
    void onCommitted(CommittedSlot slot);

    /** No more for now: send what was gathered. Called after a batch with at least one slot. */
    void onBatchEnd();
}
