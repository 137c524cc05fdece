package io.lockstep.gateway.session;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * The way between the thread of the transports and the reader: tickets there and back, and a fixed number of chunks that
 * go round. What does not fit is refused, and asked for again later.
 */
public final class CatchUpQueues {
    /** Chunks in all, so that memory for catching up does not depend on the number of sessions. */
    private static final int CHUNKS = 4;

    private final OneToOneConcurrentArrayQueue<CatchUpTicket> requests;
    private final OneToOneConcurrentArrayQueue<CatchUpTicket> results;
    private final OneToOneConcurrentArrayQueue<CatchUpChunk> freeChunks = new OneToOneConcurrentArrayQueue<>(CHUNKS);
    private final int resultsCapacity;

    /**
     * Empty queues.
     *
     * @param ticketsMax most tickets under way
     * @param chunkBytes size of a chunk, which one large delivery may pass
     */
    public CatchUpQueues(final int ticketsMax, final int chunkBytes) {
        requests = new OneToOneConcurrentArrayQueue<>(ticketsMax);
        results = new OneToOneConcurrentArrayQueue<>(ticketsMax);
        resultsCapacity = results.capacity();
        for (int i = 0; i < CHUNKS; i++) {
            freeChunks.offer(new CatchUpChunk(chunkBytes));
        }
    }

    /** Thread of the transports. */
    boolean request(final CatchUpTicket ticket) {
        return requests.offer(ticket);
    }

    /** Thread of the transports. */
    CatchUpTicket pollResult() {
        return results.poll();
    }

    /** Thread of the transports. */
    void release(final CatchUpChunk chunk) {
        chunk.clear();
        freeChunks.offer(chunk);
    }

    /**
     * Whether the reader has something to do. Any thread.
     *
     * @return true if a ticket waits
     */
    public boolean hasRequests() {
        return !requests.isEmpty();
    }

    /** Reader's thread. Null if there is none, or no room to answer it. */
    CatchUpTicket pollRequest() {
        return results.size() < resultsCapacity ? requests.poll() : null;
    }

    /** Reader's thread. Null if all are under way. */
    CatchUpChunk takeChunk() {
        return freeChunks.poll();
    }

    /** Reader's thread. There is room, see {@link #pollRequest()}. */
    void answer(final CatchUpTicket ticket) {
        if (!results.offer(ticket)) {
            throw new IllegalStateException("no room for the answer to a ticket: capacity=" + resultsCapacity);
        }
    }
}
