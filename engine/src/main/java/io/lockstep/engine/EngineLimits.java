package io.lockstep.engine;

/** Defaults of an engine's limits, in one place. How they relate is checked by {@link EngineContext#conclude()}. */
public final class EngineLimits {
    /** Most commands in flight. */
    public static final int RING_SLOTS = 1 << 16;

    /** Most bytes of commands between ingress and arbitration. */
    public static final int COMMAND_RING_BYTES = 1 << 24;

    /** Most bytes of records and answers between arbitration and egress. */
    public static final int RECORD_RING_BYTES = 1 << 25;

    /** A byte ring holds at least this many of the largest claims, or one of them could wait for ever behind others. */
    public static final int CLAIMS_IN_RING_MIN = 2;

    /** Most slots that a stage takes in one duty cycle. */
    public static final int BATCH_SLOTS = 256;

    private EngineLimits() {}
}
