package io.lockstep.gateway.session;

/** Errands of subscriptions to the reader of the journal. */
public final class CatchUpQueues extends ErrandQueues<CatchUpTicket, CatchUpChunk> {
    private static final int CHUNKS = 4;

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

    /** Thread of the transports. */
    void release(final CatchUpChunk chunk) {
        chunk.clear();
        giveBack(chunk);
    }
}
