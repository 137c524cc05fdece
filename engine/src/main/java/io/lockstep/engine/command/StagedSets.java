package io.lockstep.engine.command;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.agrona.DirectBuffer;

/**
 * Large change sets that were uploaded and validated, by the numbers that commands name them with. What is put here is not
 * changed until it is removed, and it is removed only when no command that names it is under way. Any thread.
 */
public final class StagedSets {
    private final ConcurrentMap<Long, DirectBuffer> sets = new ConcurrentHashMap<>();

    /**
     * Adds one.
     *
     * @param uploadId its number; higher than those before
     * @param set a whole validated SubmitChangeSet from offset 0 to the capacity, keys in the database's key form
     */
    public void put(final long uploadId, final DirectBuffer set) {
        sets.put(uploadId, set);
    }

    /**
     * Finds one.
     *
     * @param uploadId its number
     * @return null if there is none
     */
    public DirectBuffer get(final long uploadId) {
        return sets.get(uploadId);
    }

    /**
     * Forgets one.
     *
     * @param uploadId its number
     */
    public void remove(final long uploadId) {
        sets.remove(uploadId);
    }
}
