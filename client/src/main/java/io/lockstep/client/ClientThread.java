package io.lockstep.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Polls a {@link LockstepClient} on a thread of its own and makes the requests that others hand over. Requests that meet
 * a passing refusal wait in their order and are tried again; submissions and other requests do not wait for each other.
 */
final class ClientThread implements Runnable {
    private static final long IDLE_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LockstepClient client;
    private final FutureListener listener;
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Deque<Waiting> submissions = new ArrayDeque<>();
    private final Deque<Waiting> requests = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean ended;

    ClientThread(final ClientContext context, final FutureListener listener) {
        this.listener = listener;
        client = new LockstepClient(context, false, listener);
        thread = new Thread(this, "lockstep-client");
        thread.setDaemon(true);
    }

    /** A request that was not taken yet. */
    private record Waiting(ToLongFunction<LockstepClient> request, CompletableFuture<?> future) {}

    void start() {
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    boolean isEnded() {
        return ended;
    }

    /** Waits for the end of the thread; false if it did not come in time. */
    boolean join(final long timeoutMs) {
        try {
            thread.join(Math.max(1, timeoutMs));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Runs something on the client's thread. Any thread. */
    void execute(final Runnable command) {
        commands.add(command);
        if (ended) {
            runCommands();
        } else {
            client.wakeup();
        }
    }

    /** Makes a submission; the future is completed by the listener. Any thread. */
    void submit(final ToLongFunction<LockstepClient> request, final CompletableFuture<?> future) {
        execute(() -> take(submissions, new Waiting(request, future)));
    }

    /** Makes another request; the future is completed by the listener. Any thread. */
    void request(final ToLongFunction<LockstepClient> request, final CompletableFuture<?> future) {
        execute(() -> take(requests, new Waiting(request, future)));
    }

    LockstepClient client() {
        return client;
    }

    @Override
    public void run() {
        try {
            while (!client.isClosed()) {
                int work = runCommands();
                work += retry(submissions) + retry(requests);
                work += client.poll();
                if (work == 0) {
                    client.await(IDLE_WAIT_NS);
                }
            }
            end("closed");
        } catch (final RuntimeException | Error e) {
            client.close();
            end("the client's thread failed: " + e);
            throw e;
        }
    }

    private void end(final String reason) {
        ended = true;
        final ClientException cause = new ClientException(ErrorCodes.CLIENT_CLOSED, reason);
        failAll(submissions, cause);
        failAll(requests, cause);
        listener.ended(cause);
        runCommands();
    }

    private int runCommands() {
        int count = 0;
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
            count++;
        }
        return count;
    }

    private void take(final Deque<Waiting> queue, final Waiting waiting) {
        if (!queue.isEmpty() || !attempt(waiting)) {
            queue.add(waiting);
        }
    }

    private int retry(final Deque<Waiting> queue) {
        int taken = 0;
        while (!queue.isEmpty() && attempt(queue.peek())) {
            queue.remove();
            taken++;
        }
        return taken;
    }

    /** False if it is worth another attempt. */
    private boolean attempt(final Waiting waiting) {
        if (waiting.future().isDone()) {
            return true;
        }
        final long id = waiting.request().applyAsLong(client);
        if (id >= 0) {
            listener.expect(id, waiting.future());
            return true;
        }
        if (id == Refusal.NOT_CONNECTED || id == Refusal.WINDOW_FULL || id == Refusal.BUFFER_FULL) {
            return false;
        }
        final int code =
                switch ((int) id) {
                    case (int) Refusal.CLOSED -> ErrorCodes.CLIENT_CLOSED;
                    case (int) Refusal.TOO_LARGE -> ErrorCodes.LARGER_THAN_FRAME;
                    default -> ErrorCodes.NOT_ALLOWED;
                };
        waiting.future().completeExceptionally(new ClientException(code, Refusal.name(id)));
        return true;
    }

    private static void failAll(final Deque<Waiting> queue, final ClientException cause) {
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.future().completeExceptionally(cause);
        }
    }
}
