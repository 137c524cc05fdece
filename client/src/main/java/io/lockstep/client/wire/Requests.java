package io.lockstep.client.wire;

import java.util.Arrays;

/**
 * Unanswered requests that are not submissions. Their ids have the highest positive bit set, so that they never meet
 * those of submissions. One thread; allocates nothing.
 */
public final class Requests {
    /** Most unanswered requests. */
    public static final int REQUESTS_MAX = 64;

    private static final long ID_BIT = 1L << 62;
    private static final long NONE = -1;

    private final long[] ids = new long[REQUESTS_MAX];
    private long next;
    private int count;

    /** Gets ids. */
    public interface IdConsumer {
        /**
         * One id.
         *
         * @param requestId of a request
         */
        void accept(long requestId);
    }

    /** None. */
    public Requests() {
        Arrays.fill(ids, NONE);
    }

    /**
     * A new id that is not waited for.
     *
     * @return never that of a submission
     */
    public long newId() {
        return ID_BIT | next++;
    }

    /**
     * Whether another request can be waited for.
     *
     * @return false at the limit
     */
    public boolean hasRoom() {
        return count < REQUESTS_MAX;
    }

    /**
     * Waits for an answer.
     *
     * @param requestId of {@link #newId}
     */
    public void add(final long requestId) {
        for (int i = 0; i < REQUESTS_MAX; i++) {
            if (ids[i] == NONE) {
                ids[i] = requestId;
                count++;
                return;
            }
        }
        throw new IllegalStateException("requestsMax=" + REQUESTS_MAX);
    }

    /**
     * Ends the wait.
     *
     * @param requestId any
     * @return false if nobody waited
     */
    public boolean remove(final long requestId) {
        if (requestId == NONE) {
            return false;
        }
        for (int i = 0; i < REQUESTS_MAX; i++) {
            if (ids[i] == requestId) {
                ids[i] = NONE;
                count--;
                return true;
            }
        }
        return false;
    }

    /**
     * Ends all waits.
     *
     * @param consumer gets each id
     */
    public void drain(final IdConsumer consumer) {
        for (int i = 0; i < REQUESTS_MAX; i++) {
            final long id = ids[i];
            if (id != NONE) {
                ids[i] = NONE;
                count--;
                consumer.accept(id);
            }
        }
    }

    /**
     * How many are waited for.
     *
     * @return at least 0
     */
    public int count() {
        return count;
    }
}
