package io.lockstep.gateway;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/** Parks the catch-up thread until there is something to read, and wakes it at little cost for the waker. */
final class BackgroundIdleStrategy implements IdleStrategy {
    private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final BooleanSupplier hasWork;
    private volatile Thread parked;

    BackgroundIdleStrategy(final BooleanSupplier hasWork) {
        this.hasWork = hasWork;
    }

    /** Any thread. */
    void wakeup() {
        final Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void idle(final int workCount) {
        if (workCount == 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        parked = Thread.currentThread();
        // Asked after it is known to be parked, so that no wake-up falls in between.
        if (!hasWork.getAsBoolean()) {
            LockSupport.parkNanos(PARK_NS);
        }
        parked = null;
    }

    @Override
    public void reset() {}

    @Override
    public String alias() {
        return "park";
    }
}
