package io.lockstep.gateway;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/** Parks the catch-up thread until there is something to read, and wakes it at little cost for the waker. */
final class BackgroundIdleStrategy implements IdleStrategy {
    private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** While there is something to read that may not be read yet: no piece is free, the budget is used up, or
     * what was asked for waits for its turn. */
    private static final long HELD_UP_PARK_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final BooleanSupplier hasWork;
    private volatile Thread parked;
    private boolean heldUp;

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
        } else {
            heldUp = false;
        }
    }

    @Override
    public void idle() {
        parked = Thread.currentThread();
        // Asked after it is known to be parked, so that no wake-up falls in between.
        if (!hasWork.getAsBoolean()) {
            heldUp = false;
            LockSupport.parkNanos(PARK_NS);
        } else if (heldUp) {
            LockSupport.parkNanos(HELD_UP_PARK_NS);
        } else {
            heldUp = true; // it may have come just now
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
