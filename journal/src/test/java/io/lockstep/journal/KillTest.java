package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it appends loses nothing that it could have acknowledged, and the next starts at once. */
@Timeout(600)
class KillTest {
    private static final long OPEN_NS_MAX = 2_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasJournaledThroughKills() throws Exception {
        killTimes(4, "journaled");
    }

    @Test
    void shouldKeepWhatWasSyncedThroughKills() throws Exception {
        killTimes(3, "synced");
    }

    @Test
    @Tag("long")
    void shouldKeepWhatWasJournaledThroughManyKills() throws Exception {
        killTimes(40, "journaled");
    }

    @Test
    @Tag("long")
    void shouldKeepWhatWasSyncedThroughManyKills() throws Exception {
        killTimes(40, "synced");
    }

    private void killTimes(final int times, final String durability) throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int kill = 0; kill < times; kill++) {
            final String where = "seed=" + seed + ", kill=" + kill;
            final long acknowledged = runAndKill(durability, random.nextLong(), random.nextInt(60));
            final long startNs = System.nanoTime();
            try (ChronicleJournal journal = JournalFixture.open(folder)) {
                final long tookNs = System.nanoTime() - startNs;
                assertTrue(tookNs < OPEN_NS_MAX, where + ", tookNs=" + tookNs);
                assertTrue(
                        journal.writtenPosition() >= acknowledged,
                        where + ", writtenPosition=" + journal.writtenPosition() + ", acknowledged=" + acknowledged);
                assertEquals(
                        journal.writtenPosition(), JournalFixture.read(journal).size(), where);
            }
            assertTrue(JournalInspector.inspect(folder, (b, o, l) -> true).isSound(), where);
        }
    }

    /** Kills the writer some milliseconds after its first acknowledgement; answers the last one that it gave. */
    private long runAndKill(final String durability, final long seed, final int afterMs) throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("--sun-") || argument.startsWith("--enable-")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledWriter.class.getName()));
        command.addAll(List.of(folder.toString(), durability, Long.toString(seed)));
        final Process writer = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long acknowledged = 0;
        long killAtNs = Long.MAX_VALUE;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("acknowledged ") && line.endsWith(".")) { // a killed process may say half a line
                    acknowledged = Long.parseLong(line.substring("acknowledged ".length(), line.length() - 1));
                    killAtNs = Math.min(killAtNs, System.nanoTime() + afterMs * 1_000_000L);
                }
                if (System.nanoTime() >= killAtNs) {
                    writer.toHandle().destroyForcibly(); // leaves what was said in the pipe, unlike the process itself
                }
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertTrue(acknowledged > 0, "the writer never came to append");
        return acknowledged;
    }
}
