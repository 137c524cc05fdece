package io.lockstep.node.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of a running process after a full collection.
 *
 * @param rssAnonBytes memory that is its own and not of files
 * @param heapUsedBytes of the Java heap in use, without garbage
 */
record Footprint(long rssAnonBytes, long heapUsedBytes) {
    private static final Pattern RSS_ANON = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final Pattern LIVE = Pattern.compile("Total +\\d+ +(\\d+)");
    private static final double TICKS_PER_SECOND = 100;
    private static final int KIB = 1_024;
    private static final int LOOKS = 5;
    private static final int PAUSE_MS = 1_000;

    /** The least of some looks, so that what is there for a moment does not count. */
    static Footprint settled(final long pid) throws IOException {
        Footprint least = of(pid);
        for (int i = 1; i < LOOKS; i++) {
            NodeProcess.pauseMs(PAUSE_MS);
            final Footprint next = of(pid);
            least = new Footprint(
                    Math.min(least.rssAnonBytes, next.rssAnonBytes), Math.min(least.heapUsedBytes, next.heapUsedBytes));
        }
        return least;
    }

    private static Footprint of(final long pid) throws IOException {
        final Matcher live = LIVE.matcher(jcmd(pid, "GC.class_histogram"));
        final Matcher rss = RSS_ANON.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
        if (!rss.find() || !live.find()) {
            throw new AssertionError("cannot tell the memory of pid=" + pid);
        }
        return new Footprint(Long.parseLong(rss.group(1)) * KIB, Long.parseLong(live.group(1)));
    }

    static double cpuSeconds(final long pid) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private static String jcmd(final long pid, final String command) throws IOException {
        final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        final Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            final StringBuilder text = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                text.append(line).append('\n');
            }
            return text.toString();
        }
    }
}
