package io.lockstep.client.testing;

import java.util.concurrent.locks.LockSupport;

/** A fake node that polls on a thread of its own, for clients that do so too. */
public final class RunningNode implements AutoCloseable {
    private final FakeNode node;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean dropping;

    public RunningNode(final FakeNode.Script script) {
        node = new FakeNode(script);
        thread = new Thread(this::run, "fake-node");
        thread.start();
    }

    private void run() {
        while (running) {
            node.poll();
            if (dropping && node.connections() > 0) {
                node.peer().disconnect();
                dropping = false;
            }
            LockSupport.parkNanos(20_000);
        }
        node.close();
    }

    public String address() {
        return node.address();
    }

    public int port() {
        return node.port();
    }

    /** Ends the last connection, without a word. */
    public void dropConnection() throws InterruptedException {
        dropping = true;
        while (dropping) {
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
