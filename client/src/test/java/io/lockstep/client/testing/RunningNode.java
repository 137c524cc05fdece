package io.lockstep.client.testing;

import java.util.concurrent.locks.LockSupport;

/** A fake node that polls on a thread of its own, for clients that do so too. */
public final class RunningNode implements AutoCloseable {
    private final FakeNode node;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean dropping;
    private volatile Throwable failure;

    public RunningNode(final FakeNode.Script script) {
        node = new FakeNode(script);
        thread = new Thread(this::run, "fake-node");
        thread.start();
    }

    private void run() {
        try {
            while (running) {
                node.poll();
                if (dropping && node.connections() > 0) {
                    node.peer().disconnect();
                    dropping = false;
                }
                LockSupport.parkNanos(20_000);
            }
        } catch (final RuntimeException | Error e) {
            failure = e;
        } finally {
            dropping = false;
            node.close();
        }
    }

    public String address() {
        return node.address();
    }

    public int port() {
        return node.port();
    }

    /** Ends the last connection, without a word. */
    public void dropConnection() {
        dropping = true;
        while (dropping && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    /** Ends it; fails if the script met something that it has no answer for. */
    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the fake node ended", failure);
        }
    }
}
