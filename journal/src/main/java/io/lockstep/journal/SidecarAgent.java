package io.lockstep.journal;

import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;

/**
 * Gives every finished file its sidecar, in order and once the file is on stable storage, and its memory back to the
 * pool; keeps the pool filled. A file whose sidecar cannot be written has none, and readers make its index again.
 */
final class SidecarAgent implements Agent {
    private final JournalIndex index;
    private final LongSupplier durablePosition;
    private int nextIndex;

    /**
     * An agent for the files that have no sidecar yet.
     *
     * @param index of the journal
     * @param durablePosition readable by any thread
     */
    SidecarAgent(final JournalIndex index, final LongSupplier durablePosition) {
        this.index = index;
        this.durablePosition = durablePosition;
    }

    @Override
    public int doWork() {
        int work = index.pool().topUp() ? 1 : 0;
        index.sidecars().unmapRetired();
        if (nextIndex < index.files().nextIndex()) {
            final JournalFile file = index.files().get(nextIndex);
            // MAX_VALUE, and so above any durable position, while it is written.
            if (file == null) {
                nextIndex++;
            } else if (file.lastPosition() <= durablePosition.getAsLong()) {
                seal(file);
                nextIndex++;
                work++;
            }
        }
        return work;
    }

    private void seal(final JournalFile file) {
        if (!(file.fileIndex() instanceof MemoryFileIndex memory)) {
            return;
        }
        if (!index.sidecars().seal(file, memory)) {
            file.fileIndex(null);
        }
        memory.recycle(index.pool());
    }

    @Override
    public String roleName() {
        return "journal-index";
    }
}
