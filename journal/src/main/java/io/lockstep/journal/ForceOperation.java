package io.lockstep.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * How dirty pages of a file are brought to stable storage. A port of the journal's own, so that tests can let it fail.
 * Called by the syncing thread, and by the opening and closing thread.
 */
@FunctionalInterface
public interface ForceOperation {
    /**
     * Forces a file or a folder. A failure is final for the journal: it is never tried again.
     *
     * @param channel open on what is to be forced
     * @throws IOException if the operating system refused
     */
    void force(FileChannel channel) throws IOException;
}
