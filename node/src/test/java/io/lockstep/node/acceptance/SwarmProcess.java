package io.lockstep.node.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@link Swarm} in a process of its own, since one process may not open files enough for both sides. */
final class SwarmProcess implements AutoCloseable {
    private static final Pattern LINE =
            Pattern.compile("open=(\\d+) lost=(\\d+) failed=(\\d+) refused=(\\d+) errors=(.*)");

    private final Process process;
    private final Path out;

    SwarmProcess(
            final Path folder,
            final int port,
            final int sessions,
            final String prefix,
            final int databases,
            final int network,
            final int addresses)
            throws IOException {
        out = folder.resolve("swarm-" + network + ".out");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Swarm.class.getName(),
                        Integer.toString(port),
                        Integer.toString(sessions),
                        prefix,
                        Integer.toString(databases),
                        Integer.toString(network),
                        Integer.toString(addresses))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** Seconds until so many are open in all. */
    static double awaitOpen(final List<SwarmProcess> swarms, final int sessions, final int secondsMax) {
        final long startNs = System.nanoTime();
        while (sum(swarms, 1) < sessions) {
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            if (seconds > secondsMax) {
                throw new AssertionError("open after seconds=" + seconds + ": " + lines(swarms));
            }
            NodeProcess.pauseMs(50);
        }
        return (System.nanoTime() - startNs) / 1e9;
    }

    static void awaitLost(final List<SwarmProcess> swarms) {
        while (sum(swarms, 1) > 0) {
            NodeProcess.pauseMs(20);
        }
    }

    /** Errors that the node sent so far. */
    static long refused(final List<SwarmProcess> swarms) {
        return sum(swarms, 4);
    }

    static String lines(final List<SwarmProcess> swarms) {
        final StringBuilder lines = new StringBuilder();
        swarms.forEach(swarm -> lines.append('[').append(swarm.lastLine()).append(']'));
        return lines.toString();
    }

    private static long sum(final List<SwarmProcess> swarms, final int group) {
        long sum = 0;
        for (final SwarmProcess swarm : swarms) {
            final Matcher matcher = LINE.matcher(swarm.lastLine());
            sum += matcher.matches() ? Long.parseLong(matcher.group(group)) : 0;
        }
        return sum;
    }

    private String lastLine() {
        try {
            final String text = Files.readString(out);
            final int end = text.lastIndexOf('\n');
            if (!process.isAlive()) {
                throw new AssertionError("the swarm ended: " + text);
            }
            return end < 0 ? "" : text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }
}
