package io.lockstep.gateway.session;

import org.agrona.concurrent.UnsafeBuffer;

/** Sends errands to the readers, and hands what comes back to who asked. Thread of the transports. */
final class ReaderDoor {
    private final CatchUpQueues catchUp;
    private final BootstrapQueues bootstrap;
    private final Runnable requestSent;

    ReaderDoor(final ReaderQueues queues, final Runnable requestSent) {
        catchUp = queues.catchUp();
        bootstrap = queues.bootstrap();
        this.requestSent = requestSent;
    }

    /** False if there is no room. */
    boolean request(final CatchUpTicket ticket) {
        return sent(catchUp.request(ticket));
    }

    /** False if there is no room. */
    boolean request(final BootstrapTicket ticket) {
        return sent(bootstrap.request(ticket));
    }

    private boolean sent(final boolean sent) {
        if (sent) {
            requestSent.run();
        }
        return sent;
    }

    void release(final CatchUpChunk chunk) {
        catchUp.release(chunk);
    }

    void release(final UnsafeBuffer page) {
        bootstrap.giveBack(page);
    }

    /** Tells how many came back. */
    int poll() {
        int work = 0;
        for (CatchUpTicket ticket = catchUp.pollResult(); ticket != null; ticket = catchUp.pollResult()) {
            ticket.owner().onTicket();
            work++;
        }
        for (BootstrapTicket ticket = bootstrap.pollResult(); ticket != null; ticket = bootstrap.pollResult()) {
            ticket.owner().onTicket();
            work++;
        }
        return work;
    }
}
