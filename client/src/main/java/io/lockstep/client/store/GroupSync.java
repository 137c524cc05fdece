package io.lockstep.client.store;

import io.lockstep.client.store.StoreException.Reason;
import java.io.IOException;

/**
 * Brings what was written to stable storage, once for all that wait for it. Positions count on over the files of a store.
 * Any thread.
 */
final class GroupSync {
    private final Object monitor = new Object();
    private Generation generation;
    private long base;
    private boolean running;
    private volatile long flushedPosition;
    private volatile long durablePosition;
    private volatile StoreException failure;

    /** Goes on with a file of which everything is on stable storage. Before the first use, or inside {@link #alone}. */
    void start(final Generation newGeneration) {
        generation = newGeneration;
        base = flushedPosition;
        flushedPosition = base + newGeneration.length();
        durablePosition = flushedPosition;
    }

    /** More was written to the file; one thread at a time. */
    void flushed(final long length) {
        flushedPosition = base + length;
    }

    long flushedPosition() {
        return flushedPosition;
    }

    long durablePosition() {
        return durablePosition;
    }

    /** Nothing is taken any more, and why; the first reason stays. */
    void fail(final StoreException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    StoreException failure() {
        return failure;
    }

    void check() {
        final StoreException cause = failure;
        if (cause != null) {
            throw new StoreException(cause.reason(), cause.getMessage(), cause);
        }
    }

    /** Returns when everything up to a position is on stable storage. */
    void await(final long position) {
        while (durablePosition < position) {
            final Generation current;
            final long target;
            final long length;
            synchronized (monitor) {
                if (running) {
                    waitForEnd();
                    continue;
                }
                if (durablePosition >= position) {
                    return;
                }
                check();
                running = true;
                current = generation;
                target = flushedPosition;
                length = target - base;
            }
            sync(current, target, length);
        }
    }

    /** Runs something while nothing is synced. */
    void alone(final Runnable action) {
        synchronized (monitor) {
            while (running) {
                waitForEnd();
            }
            action.run();
        }
    }

    private void sync(final Generation current, final long target, final long length) {
        StoreException failed = null;
        try {
            current.sync(length);
        } catch (final IOException e) {
            failed = new StoreException(Reason.FAILED, "cannot sync: file=" + current.path(), e);
        }
        synchronized (monitor) {
            running = false;
            if (failed == null) {
                durablePosition = Math.max(durablePosition, target);
            } else {
                fail(failed);
            }
            monitor.notifyAll();
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** An interruption is kept for the caller: what was written must be waited for. */
    private void waitForEnd() {
        boolean interrupted = false;
        while (running) {
            try {
                monitor.wait();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
