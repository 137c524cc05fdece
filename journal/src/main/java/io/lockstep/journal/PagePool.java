package io.lockstep.journal;

import java.nio.ByteBuffer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of off-heap memory for the indexes of files that have no sidecar yet. The appending thread takes; one background
 * thread gives back, and keeps a few ready so that the appender does not allocate.
 */
final class PagePool {
    static final int PAGE_BYTES = 64 << 10;

    /** More than an appender takes while the background thread sleeps. */
    private static final int READY_MIN = 16;

    /** What is given back above this goes to the garbage collector: enough for the index of the largest file. */
    private static final int KEPT_MAX = 1024;

    private final OneToOneConcurrentArrayQueue<UnsafeBuffer> pages = new OneToOneConcurrentArrayQueue<>(KEPT_MAX);

    /** A page of any content. Appending thread. */
    UnsafeBuffer take() {
        final UnsafeBuffer page = pages.poll();
        return page != null ? page : allocate();
    }

    /** Background thread. Nobody may rely on the content any more. */
    void giveBack(final UnsafeBuffer page) {
        pages.offer(page);
    }

    /** Background thread: allocates a page if few are left; answers whether it did. */
    boolean topUp() {
        return pages.size() < READY_MIN && pages.offer(allocate());
    }

    /** A page that belongs to no pool. Any thread. */
    static UnsafeBuffer allocate() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(PAGE_BYTES));
    }
}
