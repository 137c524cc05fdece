package io.lockstep.node.server;

import io.lockstep.engine.Engine;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the thread of the transports idles: as the gateway says, which blocks in the event loop; but it never blocks while
 * other threads have a command in hand, since they do not wake it. One thread; the targets are set before it starts.
 */
final class TransportIdle implements IdleStrategy {
    private static final long SPINS = 100;
    private static final long YIELDS = 10;
    private static final long PARK_NS_MIN = 1_000;
    private static final long PARK_NS_MAX = 50_000;

    private final boolean alone;
    private final IdleStrategy waiting = new BackoffIdleStrategy(SPINS, YIELDS, PARK_NS_MIN, PARK_NS_MAX);
    private IdleStrategy target;
    private Engine engine;

    /**
     * A strategy.
     *
     * @param alone true when all stages run on this thread
     */
    TransportIdle(final boolean alone) {
        this.alone = alone;
    }

    void target(final IdleStrategy newTarget, final Engine newEngine) {
        target = newTarget;
        engine = newEngine;
    }

    @Override
    public void idle(final int workCount) {
        if (alone || workCount > 0 || engine.drained()) {
            target.idle(workCount);
        } else {
            waiting.idle(workCount);
        }
    }

    @Override
    public void idle() {
        idle(0);
    }

    @Override
    public void reset() {
        target.reset();
        waiting.reset();
    }
}
