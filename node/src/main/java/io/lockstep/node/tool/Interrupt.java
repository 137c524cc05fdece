package io.lockstep.node.tool;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while a command works: the process waits for a moment, in which the command's thread sees it and says what was
 * done so far. Opened, asked and closed by that thread.
 */
final class Interrupt implements AutoCloseable {
    private static final long PATIENCE_MS = 2_000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::awaitEnd, "lockstep-interrupt");
    private volatile boolean asked;

    /** Starts to listen for the end of the process. */
    Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Whether the process is to end.
     *
     * @return true once it is
     */
    boolean isAsked() {
        return asked;
    }

    private void awaitEnd() {
        asked = true;
        try {
            // In vain if the command waits for its input: then there is nothing to be said.
            asked = ended.await(PATIENCE_MS, TimeUnit.MILLISECONDS) || asked;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            asked = true; // the process is ending already
        }
    }
}
