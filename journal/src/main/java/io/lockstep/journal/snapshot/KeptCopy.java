package io.lockstep.journal.snapshot;

import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;

/**
 * Takes databases that are not in memory over from the snapshot before, block by block, each of which is checked on the
 * way. One thread.
 */
final class KeptCopy implements AutoCloseable {
    private static final int WINDOW_BYTES = 1 << 20;

    private final SnapshotFile before;
    private final BlockInput input;
    private int databaseId;
    private int lastId;
    private boolean open;

    /**
     * @param before holds them
     */
    KeptCopy(final SnapshotFile before) throws IOException {
        this.before = before;
        input = before.open(WINDOW_BYTES);
    }

    /** Begins with some more; ids ascend. */
    void begin(final int firstId, final int newLastId) {
        databaseId = firstId;
        lastId = newLastId;
        open = false;
    }

    boolean isDone() {
        return databaseId > lastId;
    }

    /**
     * Goes on.
     *
     * @param output gets the blocks
     * @param bytesMax so many, and a block
     */
    void step(final SnapshotOutput output, final long bytesMax) throws IOException {
        final long end = output.bytes() + bytesMax;
        while (!isDone() && output.bytes() < end) {
            if (!open) {
                find();
            }
            if (input.databaseId() == databaseId) {
                output.copy(input.kind(), databaseId, input.entries());
                next();
            } else {
                databaseId++;
                // What follows in the file is the next one, unless that is to be left out.
                open = input.databaseId() == databaseId;
            }
        }
    }

    private void find() throws IOException {
        if (!before.seek(input, databaseId)) {
            throw new SnapshotException(
                    "the snapshot before does not hold a database: file=" + before + ", databaseId=" + databaseId);
        }
        next();
        if (input.databaseId() != databaseId) {
            throw new SnapshotException("the snapshot before holds another database there: file=" + before
                    + ", databaseId=" + databaseId + ", found=" + input.databaseId());
        }
        open = true;
    }

    /** After the last database comes the snapshot's end, so there is a block. */
    private void next() throws IOException {
        if (!input.next()) {
            throw new SnapshotException("the snapshot before ends early: file=" + before);
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
