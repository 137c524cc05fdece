package io.lockstep.gateway.session;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Errands of sessions to the reader of snapshots. */
public final class BootstrapQueues extends ErrandQueues<BootstrapTicket, UnsafeBuffer> {
    /** One is filled while the other is sent. */
    private static final int PAGES = 2;

    /**
     * Empty queues.
     *
     * @param ticketsMax most tickets under way
     * @param pageBytesMax room of a page
     */
    public BootstrapQueues(final int ticketsMax, final int pageBytesMax) {
        super(ticketsMax, PAGES);
        for (int i = 0; i < PAGES; i++) {
            giveBack(new UnsafeBuffer(ByteBuffer.allocateDirect(pageBytesMax)));
        }
    }
}
