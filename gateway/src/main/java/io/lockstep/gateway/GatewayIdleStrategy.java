package io.lockstep.gateway;

import io.lockstep.gateway.tcp.TcpTransport;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Polls for a while after the last work, since more often follows, and then blocks in the event loop. A wait that ended
 * without work is followed by one poll of all agents and the next wait, so an idle node costs next to nothing.
 */
final class GatewayIdleStrategy implements IdleStrategy {
    private final TcpTransport transport;
    private final NanoClock nanoClock;
    private final long spinNs;
    private final long blockNs;
    private boolean spinning;
    private long lastWorkNs;

    GatewayIdleStrategy(
            final TcpTransport transport, final NanoClock nanoClock, final long spinNs, final long blockNs) {
        this.transport = transport;
        this.nanoClock = nanoClock;
        this.spinNs = spinNs;
        this.blockNs = blockNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            spinning = true;
            lastWorkNs = 0;
            transport.clearWakeup();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (spinning) {
            final long nowNs = nanoClock.nanoTime();
            if (lastWorkNs == 0) {
                lastWorkNs = nowNs;
            }
            if (nowNs - lastWorkNs < spinNs) {
                Thread.onSpinWait();
                return;
            }
            spinning = false;
        }
        if (transport.await(blockNs) > 0) {
            spinning = true;
            lastWorkNs = 0;
        }
        // Whatever the wake-up was for is looked at in the cycle that follows.
        transport.clearWakeup();
    }

    @Override
    public void reset() {
        spinning = true;
        lastWorkNs = 0;
    }

    @Override
    public String alias() {
        return "event-loop";
    }
}
