package io.lockstep.gateway.session;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * The way between the thread of the transports and a reader: errands there and back, and a fixed number of pieces of memory
 * that go round, so that what reading takes does not depend on the number of sessions. What does not fit is refused, and
 * asked for again later.
 *
 * @param <E> errands
 * @param <C> pieces of memory
 */
abstract class ErrandQueues<E, C> {
    private final OneToOneConcurrentArrayQueue<E> requests;
    private final OneToOneConcurrentArrayQueue<E> results;
    private final OneToOneConcurrentArrayQueue<C> freeChunks;
    private final int resultsCapacity;

    /** So many errands may be under way, and so many pieces go round. */
    ErrandQueues(final int errandsMax, final int chunks) {
        requests = new OneToOneConcurrentArrayQueue<>(errandsMax);
        results = new OneToOneConcurrentArrayQueue<>(errandsMax);
        resultsCapacity = results.capacity();
        freeChunks = new OneToOneConcurrentArrayQueue<>(chunks);
    }

    /** Thread of the transports. False if there is no room. */
    final boolean request(final E errand) {
        return requests.offer(errand);
    }

    /** Thread of the transports. Null if there is none. */
    final E pollResult() {
        return results.poll();
    }

    /** Thread of the transports, and at first whoever makes the queues. */
    final void giveBack(final C chunk) {
        freeChunks.offer(chunk);
    }

    /**
     * Whether the reader has something to do. Any thread.
     *
     * @return true if an errand waits
     */
    public boolean hasRequests() {
        return !requests.isEmpty();
    }

    /** Reader's thread. Null if there is none, or no room to answer it. */
    final E pollRequest() {
        return hasRoomForAnswer() ? requests.poll() : null;
    }

    /** Reader's thread. */
    final boolean hasRoomForAnswer() {
        return results.size() < resultsCapacity;
    }

    /** Reader's thread. Null if all are under way. */
    final C takeChunk() {
        return freeChunks.poll();
    }

    /** Reader's thread. There is room, see {@link #hasRoomForAnswer()}. */
    final void answer(final E errand) {
        if (!results.offer(errand)) {
            throw new IllegalStateException("no room for the answer to an errand: capacity=" + resultsCapacity);
        }
    }
}
