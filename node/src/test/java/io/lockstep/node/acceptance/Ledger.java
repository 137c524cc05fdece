package io.lockstep.node.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds what clients were told against what the node delivers. */
final class Ledger {
    private static final Pattern SITE = Pattern.compile("\"site\": ?\"([0-9a-f]{32})\"");
    private static final Pattern WALL = Pattern.compile("\"wall\": ?(\\d+)");
    private static final Pattern COUNTER = Pattern.compile("\"counter\": ?(\\d+)");
    private static final Pattern STATUS = Pattern.compile("\"status\": ?\"([a-z-]+)\"");
    private static final Pattern SEQUENCE = Pattern.compile("\"sequence\": ?(\\d+|null)");

    private Ledger() {}

    /**
     * Every line of the acks that says accepted stands in the deliveries at that sequence with that site, wall and
     * counter; the deliveries have every sequence from 1 once, in order.
     *
     * @return how many accepted acknowledgements were checked
     */
    static int check(final Path acks, final Path watched) {
        final Map<Long, String> delivered = deliveries(watched);
        int accepted = 0;
        try (BufferedReader reader = Files.newBufferedReader(acks)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.endsWith("}") || !"accepted".equals(field(STATUS, line))) {
                    continue;
                }
                final long sequence = Long.parseLong(field(SEQUENCE, line));
                final String found = delivered.get(sequence);
                if (!identity(line).equals(found)) {
                    throw new AssertionError("acknowledged but not delivered: " + line + ", found " + found);
                }
                accepted++;
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return accepted;
    }

    /** Sequence to identity, after checking that sequences are 1, 2, 3 … */
    static Map<Long, String> deliveries(final Path watched) {
        final Map<Long, String> delivered = new HashMap<>();
        long expected = 1;
        try (BufferedReader reader = Files.newBufferedReader(watched)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                final long sequence = Long.parseLong(field(SEQUENCE, line));
                if (sequence != expected) {
                    throw new AssertionError("expected sequence=" + expected + ", watched " + sequence);
                }
                delivered.put(sequence, identity(line));
                expected++;
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return delivered;
    }

    /** The sequence that the last dump named on standard error. */
    static long dumpedSequence(final Path dumpErr) {
        final String[] lines = Launcher.text(dumpErr).strip().split("\n");
        return Long.parseLong(field(SEQUENCE, lines[lines.length - 1]));
    }

    private static String identity(final String line) {
        return field(SITE, line) + " " + field(WALL, line) + " " + field(COUNTER, line);
    }

    private static String field(final Pattern pattern, final String line) {
        final Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + line);
        }
        return matcher.group(1);
    }
}
