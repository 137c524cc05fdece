package io.lockstep.node.acceptance;

import io.lockstep.node.server.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node under test: a real process on loopback that is started, killed and started again on the same folder and port. */
final class NodeProcess implements AutoCloseable {
    /** The launcher may have to build first. */
    private static final long READY_TIMEOUT_S = 300;

    private final Path folder;
    private final Path data;
    private final int port;
    private final List<String> args;
    private Process process;
    private boolean watched;
    private boolean onTestClasses;
    private int starts;
    private long readyNs;

    NodeProcess(final Path folder, final Path data, final String... args) {
        this.folder = folder;
        this.data = data;
        this.args = List.of(args);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Runs the classes under test as they are, where otherwise the launcher builds what its user would run. */
    NodeProcess onTestClasses() {
        onTestClasses = true;
        return this;
    }

    /** Starts without waiting. */
    NodeProcess launch(final String... prefix) {
        starts++;
        watched = prefix.length > 0;
        final List<String> all =
                new ArrayList<>(List.of("serve", "--data", data.toString(), "--tcp", address(), "--auth", "none"));
        all.addAll(args);
        process = Launcher.start(folder, name(), List.of(prefix), this::onClasses, all.toArray(new String[0]));
        return this;
    }

    private void onClasses(final ProcessBuilder builder) {
        if (onTestClasses) {
            TestNode.environment(builder);
        }
    }

    /** Starts and waits for the line that says it accepts clients. */
    NodeProcess start(final String... prefix) {
        final long startNs = System.nanoTime();
        launch(prefix);
        awaitReady(startNs);
        return this;
    }

    void awaitReady(final long startNs) {
        final Path out = folder.resolve(name() + ".out");
        while (!Launcher.text(out).contains("lockstep ready ")) {
            if (!process.isAlive()) {
                throw new AssertionError("the node ended, exitCode=" + process.exitValue() + ": " + err());
            }
            if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(READY_TIMEOUT_S)) {
                throw new AssertionError("the node was not ready within " + READY_TIMEOUT_S + " s: " + err());
            }
            pauseMs(2);
        }
        readyNs = System.nanoTime() - startNs;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    long pid() {
        return node().pid();
    }

    /** The node itself, not the tool that watches it. */
    private ProcessHandle node() {
        return watched ? process.children().findFirst().orElse(process.toHandle()) : process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** From the start of the last process to its ready line. */
    double readyMs() {
        return readyNs / 1e6;
    }

    String err() {
        return Launcher.text(folder.resolve(name() + ".err"));
    }

    String out() {
        return Launcher.text(folder.resolve(name() + ".out"));
    }

    void signal(final String signal) {
        Launcher.tool(folder.resolve("kill.out"), "kill", "-" + signal, Long.toString(pid()));
    }

    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Ends it in order. */
    int stop() {
        node().destroy();
        return awaitExit(60);
    }

    int awaitExit(final long timeoutS) {
        return Launcher.finish(process, folder, name(), timeoutS).exitCode();
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    /** Waits in real time: these tests watch real processes. */
    static void pauseMs(final long ms) {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private String name() {
        return "node-" + starts;
    }
}
