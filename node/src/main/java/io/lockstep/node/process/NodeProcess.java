package io.lockstep.node.process;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real node in a process of its own, as the launcher starts it. Used by one thread. */
public final class NodeProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("^lockstep ready tcp=(\\S+) .*");
    private static final int LOG_LINES_SHOWN = 15;
    private static final long READY_TIMEOUT_S = 120;
    private static final long STOP_TIMEOUT_S = 20;

    private final Process process;
    private final Path log;
    private final String readyLine;
    private final long readyNs;

    private NodeProcess(final Process process, final Path log, final String readyLine, final long readyNs) {
        this.process = process;
        this.log = log;
        this.readyLine = readyLine;
        this.readyNs = readyNs;
    }

    /**
     * Starts a node and waits until it accepts clients.
     *
     * @param arguments after serve
     * @param log gets its standard error
     * @return a node that is ready
     * @throws IOException if it ended instead, or was not ready within 120 s; the message ends with the last lines of its log
     */
    public static NodeProcess start(final List<String> arguments, final Path log) throws IOException {
        final List<String> command = new ArrayList<>(commandPrefix());
        command.add("serve");
        command.addAll(arguments);
        final long startNs = System.nanoTime();
        final Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Also when this process is told to end, the node must not stay behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-child"));
        final BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final String line = firstLine(process, out, startNs);
        if (line == null || !READY.matcher(line).matches()) {
            process.destroyForcibly();
            throw new IOException("the node did not become ready: " + (line == null ? "" : line) + tail(log));
        }
        return new NodeProcess(process, log, line, System.nanoTime() - startNs);
    }

    private static String firstLine(final Process process, final BufferedReader out, final long startNs)
            throws IOException {
        while (process.isAlive() && !out.ready()) {
            if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(READY_TIMEOUT_S)) {
                return "nothing within " + READY_TIMEOUT_S + " s";
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return out.readLine();
    }

    /** The launcher where there is one, otherwise this very Java with these classes and flags. */
    private static List<String> commandPrefix() {
        final String launcher = System.getProperty("lockstep.launcher");
        if (launcher != null) {
            return List.of(launcher);
        }
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-XX:+Use")) {
                command.add(flag);
            }
        }
        final String testClassPath = System.getProperty("surefire.test.class.path");
        command.add("-Xmx256m");
        command.add("-cp");
        command.add(testClassPath == null ? System.getProperty("java.class.path") : testClassPath);
        command.add("io.lockstep.node.LockstepCommand");
        return command;
    }

    private static String tail(final Path log) throws IOException {
        final List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        final List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return "\n" + String.join("\n", last);
    }

    /**
     * Where it listens.
     *
     * @return HOST:PORT
     */
    public String address() {
        final Matcher matcher = READY.matcher(readyLine);
        if (!matcher.matches()) {
            throw new IllegalStateException(readyLine);
        }
        return matcher.group(1);
    }

    /**
     * What it said.
     *
     * @return the line
     */
    public String readyLine() {
        return readyLine;
    }

    /**
     * From the start of the process to the line.
     *
     * @return nanoseconds
     */
    public long readyNs() {
        return readyNs;
    }

    /**
     * The process.
     *
     * @return alive or not
     */
    public Process process() {
        return process;
    }

    /** Ends it with SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /**
     * Ends it with SIGTERM.
     *
     * @return its exit code
     */
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    /**
     * Waits until it has ended by itself.
     *
     * @return its exit code
     */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new CliException(
                        ExitCode.CHECK_FAILED,
                        "the node did not end within " + STOP_TIMEOUT_S + " s; its log is " + log);
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new CliException(ExitCode.CHECK_FAILED, "interrupted while the node ended", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
