package io.lockstep.gateway.session;

/** Uploads on their way to the thread that examines them, and back. */
public final class UploadQueues extends ErrandQueues<Upload, Object> {
    private UploadQueues() {
        // Each may be on its way once to be examined, and once to be freed.
        super(2 * UploadRoom.UPLOADS_MAX, 1);
    }

    /**
     * Empty queues.
     *
     * @return with room for as many uploads as there may be
     */
    public static UploadQueues create() {
        return new UploadQueues();
    }
}
