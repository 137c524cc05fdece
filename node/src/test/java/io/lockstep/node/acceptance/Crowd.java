package io.lockstep.node.acceptance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A history among change sets of many other authors, who each write one cell of their own: load for as long as a test
 * needs it, that ends in a known state.
 *
 * @param changes the load, in JSON lines
 * @param state what it ends in
 */
record Crowd(Path changes, Path state) {
    private static final int AUTHORS = 16;
    private static final long FIRST_WALL_MS = 1_600_000_000_000L;

    /** Spreads so many change sets of the crowd evenly over a history. */
    static Crowd around(final Path history, final Path finalState, final int sets, final Path folder) {
        final Path changes = folder.resolve("crowd.jsonl");
        final Path state = folder.resolve("crowd-final.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(changes);
                BufferedWriter end = Files.newBufferedWriter(state);
                BufferedReader in = Files.newBufferedReader(history)) {
            final long lines;
            try (var counted = Files.lines(history)) {
                lines = counted.count();
            }
            end.write(Files.readString(finalState));
            int made = 0;
            long read = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(line + "\n");
                read++;
                while (made < sets * read / lines) {
                    final String cell = "\"schema\": \"main\", \"table\": \"crowd\", \"pk\": [{\"integer\": \"" + made
                            + "\"}], \"column\": \"a\", \"value\": {\"text\": \"crowd " + made + "\"}";
                    out.write(String.format(
                            "{\"site\": \"%032x\", \"wall\": %d, \"counter\": 0, \"changes\": [{\"op\": \"write\","
                                    + " \"opSeq\": 0, %s}]}%n",
                            0xC0_0000 + made % AUTHORS, FIRST_WALL_MS + made, cell));
                    end.write("{" + cell + "}\n");
                    made++;
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Crowd(changes, state);
    }
}
