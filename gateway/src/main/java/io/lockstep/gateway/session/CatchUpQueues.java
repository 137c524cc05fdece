package io.lockstep.gateway.session;

/** Errands of subscriptions to the reader of the journal. */
public final class CatchUpQueues extends ErrandQueues<CatchUpTicket, CatchUpChunk> {
    private static final int CHUNKS = 4;

    private int aside;
    private volatile boolean someAside;

    /**
     * Empty queues.
     *
     * @param ticketsMax most tickets under way
     * @param chunkBytes size of a chunk, which one large delivery may pass
     */
    public CatchUpQueues(final int ticketsMax, final int chunkBytes) {
        super(ticketsMax, CHUNKS);
        for (int i = 0; i < CHUNKS; i++) {
            giveBack(new CatchUpChunk(chunkBytes));
        }
    }

    /** Reader's thread. So many more errands wait for something that it makes; fewer, if negative. */
    void setAside(final int more) {
        aside += more;
        someAside = aside > 0;
    }

    @Override
    public boolean hasRequests() {
        return someAside || super.hasRequests();
    }

    /** Thread of the transports. */
    void release(final CatchUpChunk chunk) {
        chunk.clear();
        giveBack(chunk);
    }
}
