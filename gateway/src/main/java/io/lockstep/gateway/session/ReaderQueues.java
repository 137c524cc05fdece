package io.lockstep.gateway.session;

/**
 * All ways between the thread of the transports and that of the readers.
 *
 * @param catchUp errands to the journal
 * @param bootstrap errands to snapshots
 * @param uploads change sets that came whole
 */
public record ReaderQueues(CatchUpQueues catchUp, BootstrapQueues bootstrap, UploadQueues uploads) {
    /**
     * Whether there is something to do. Any thread.
     *
     * @return true if an errand waits
     */
    public boolean hasRequests() {
        return catchUp.hasRequests() || bootstrap.hasRequests() || uploads.hasRequests();
    }
}
