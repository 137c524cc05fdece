package io.lockstep.node.tool.vectors;

import io.lockstep.engine.stage.ThreadLayout;

/** Who drives the stages while vectors run. */
public enum VectorLayout {
    /** The caller: every stage does one duty cycle after the other, on one thread. */
    LOCKSTEP(null),
    /** A thread of the engine for everything. */
    SHARED(ThreadLayout.SHARED),
    /** A thread each for transports, arbitration and journal. */
    DEDICATED(ThreadLayout.DEDICATED);

    private final ThreadLayout threads;

    VectorLayout(final ThreadLayout threads) {
        this.threads = threads;
    }

    /**
     * The engine's layout.
     *
     * @return null where the caller drives the stages
     */
    ThreadLayout threads() {
        return threads;
    }
}
