package io.lockstep.node.cli;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What somebody probably meant. The parser itself looks at the first two letters of an option only. Stateless. */
public final class Suggestions {
    private static final int DISTANCE_MAX = 2;

    private Suggestions() {}

    /**
     * Options for a mistyped option, commands for a mistyped command.
     *
     * @param command that was given the argument
     * @param unmatched names the argument
     * @return the nearest first, empty if nothing is near
     */
    public static List<String> of(final CommandSpec command, final UnmatchedArgumentException unmatched) {
        final String typed = unmatched.getUnmatched().isEmpty()
                ? ""
                : unmatched.getUnmatched().get(0).split("=", 2)[0];
        return typed.startsWith("--") ? near(command, typed) : unmatched.getSuggestions();
    }

    /**
     * Options for a mistyped option beside another mistake, which the parser tells of first.
     *
     * @param command that was given the arguments
     * @param args the command line
     * @return the nearest first, empty if every option is known or none is near
     */
    public static List<String> of(final CommandSpec command, final String... args) {
        for (final String arg : args) {
            final String typed = arg.split("=", 2)[0];
            if (typed.startsWith("--") && command.findOption(typed) == null) {
                return near(command, typed);
            }
        }
        return List.of();
    }

    private static List<String> near(final CommandSpec command, final String typed) {
        final Stream<String> names = command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()));
        record Near(String name, int distance) {}
        return names.map(name -> new Near(name, distance(typed, name)))
                .filter(near -> near.distance() <= DISTANCE_MAX || near.name().startsWith(typed))
                .sorted((a, b) -> Integer.compare(a.distance(), b.distance()))
                .map(Near::name)
                .toList();
    }

    /** Letters to insert, remove or replace (Levenshtein, by rows). */
    static int distance(final String a, final String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
