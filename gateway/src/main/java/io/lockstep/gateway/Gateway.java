package io.lockstep.gateway;

import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.gateway.limits.GatewayCounters;
import java.net.InetSocketAddress;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/**
 * The front door: listens, runs sessions, hands commands to the ring, and sends answers and deliveries. Its duty cycle
 * and its egress callbacks belong to one thread, that of the transports; what any thread may call says so.
 */
public final class Gateway implements Agent, EgressPort {
    private final GatewayContext context;

    /**
     * A gateway; it listens from {@link #onStart()}.
     *
     * @param context concluded
     */
    public Gateway(final GatewayContext context) {
        if (!context.isConcluded()) {
            throw new IllegalStateException("the context is not concluded");
        }
        this.context = context;
    }

    @Override
    public void onStart() {}

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public void onClose() {}

    @Override
    public String roleName() {
        return "gateway";
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {}

    @Override
    public void onBatchEnd() {}

    /**
     * For the runner of the thread of the transports: polls for a while after the last work, then blocks in the event
     * loop for a bounded time, from which a frame or {@link #wakeup()} wakes it.
     *
     * @return one strategy, for that thread alone
     */
    public IdleStrategy idleStrategy() {
        return null;
    }

    /** Lets the thread of the transports go on if it idles. Any thread; cheap when it does not. */
    public void wakeup() {}

    /**
     * Where it listens.
     *
     * @return null before it has started; any thread
     */
    public InetSocketAddress boundAddress() {
        return null;
    }

    /**
     * Says GoAway to all, listens no more, answers what is in flight, and closes. Any thread; returns at once.
     *
     * @param reason for people
     * @param reconnectAfterMs not before, milliseconds
     */
    public void shutdown(final String reason, final long reconnectAfterMs) {}

    /**
     * Whether a shutdown is complete.
     *
     * @return true when no connection is left; any thread
     */
    public boolean isDrained() {
        return false;
    }

    /**
     * What it counts.
     *
     * @return readable by any thread
     */
    public GatewayCounters counters() {
        return context.counters();
    }
}
