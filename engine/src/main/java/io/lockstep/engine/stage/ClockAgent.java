package io.lockstep.engine.stage;

import io.lockstep.engine.ring.IngressClock;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/** Ticks the ingress clock once a duty cycle, on the thread of the transports, before they read. */
public final class ClockAgent implements Agent {
    private final IngressClock clock;
    private final NanoClock nanoClock;
    private final EpochClock wallClock;

    /**
     * An agent.
     *
     * @param clock to tick
     * @param nanoClock the monotonic clock
     * @param wallClock milliseconds since 1970
     */
    public ClockAgent(final IngressClock clock, final NanoClock nanoClock, final EpochClock wallClock) {
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
    }

    @Override
    public int doWork() {
        clock.tick(nanoClock.nanoTime(), wallClock.time());
        return 0;
    }

    @Override
    public String roleName() {
        return "clock";
    }
}
