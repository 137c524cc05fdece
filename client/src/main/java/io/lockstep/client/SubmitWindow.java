package io.lockstep.client;

import java.util.concurrent.Semaphore;

/** Keeps callers from submitting more than may be unanswered. Any thread. */
final class SubmitWindow {
    private final int inFlightMax;
    private final Semaphore free;

    SubmitWindow(final int inFlightMax) {
        this.inFlightMax = inFlightMax;
        free = new Semaphore(inFlightMax);
    }

    /** Null when there is room, for which it waits if it may; else why there is none. */
    ClientException enter(final boolean mayWait) {
        if (!mayWait) {
            return free.tryAcquire() ? null : new ClientException(ErrorCodes.NOT_ALLOWED, "inFlightMax=" + inFlightMax);
        }
        try {
            free.acquire();
            return null;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ClientException(ErrorCodes.NOT_ALLOWED, "interrupted while the window was full");
        }
    }

    void leave() {
        free.release();
    }
}
