package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
            final long acknowledged =
                    WriterProcess.run(folder, durability, random.nextLong(), random.nextInt(60), writer -> {});
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
}
