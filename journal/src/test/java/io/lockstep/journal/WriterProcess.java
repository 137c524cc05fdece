package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a {@link KilledWriter}, and kills it. */
final class WriterProcess {
    private WriterProcess() {}

    /** What is done to the process after an acknowledgement, just before it is killed. */
    interface BeforeKill {
        void with(Process writer) throws Exception;
    }

    /**
     * Kills the writer some milliseconds after its first acknowledgement.
     *
     * @return the last position that it acknowledged
     */
    static long run(
            final Path dataFolder,
            final String durability,
            final long seed,
            final int afterMs,
            final BeforeKill beforeKill)
            throws Exception {
        final Process writer = new ProcessBuilder(command(dataFolder, durability, seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long acknowledged = 0;
        long killAtNs = Long.MAX_VALUE;
        boolean killed = false;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("acknowledged ") && line.endsWith(".")) { // a killed process may say half a line
                    acknowledged = Long.parseLong(line.substring("acknowledged ".length(), line.length() - 1));
                    if (killAtNs == Long.MAX_VALUE) {
                        killAtNs = System.nanoTime() + afterMs * 1_000_000L;
                    }
                }
                if (!killed && System.nanoTime() >= killAtNs) {
                    killed = true;
                    beforeKill.with(writer);
                    writer.toHandle().destroyForcibly(); // leaves in the pipe what was said, unlike the process itself
                }
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertTrue(acknowledged > 0, "the writer never came to append");
        return acknowledged;
    }

    private static List<String> command(final Path dataFolder, final String durability, final long seed) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("--sun-") || argument.startsWith("--enable-")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledWriter.class.getName()));
        command.addAll(List.of(dataFolder.toString(), durability, Long.toString(seed)));
        return command;
    }
}
