package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.acceptance.FlippedJournal.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One flipped bit in the journal of a stopped node: told as damage, or shown harmless, since every record, sequence, state
 * and delivery is as it was; never a wrong value, and never taken for a torn tail.
 *
 * <p>{@code -Dlockstep.acceptance.bits} flips are judged in this process by what {@code verify} runs, every fifth of them
 * in the last acknowledged record; {@code -Dlockstep.acceptance.bitProcesses} of them also by real commands and a node.
 */
@Tag("long")
class BitFlipTest {
    private static final int BITS = Integer.getInteger("lockstep.acceptance.bits", 40);
    private static final int PROCESSES = Integer.getInteger("lockstep.acceptance.bitProcesses", 4);
    private static final int STARTS = 3;
    private static final int SETS_A_START = 1_500;
    private static final int ROWS = 300;
    private static final int IN_LAST = 5;
    private static final int DAMAGE = 11;

    @TempDir
    private Path folder;

    private String dumped;
    private String watched;
    private String verified;

    @Test
    void shouldTellEveryFlippedBitOrTakeNoNotice() throws IOException {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        final Random random = new Random(seed);
        final Path data = folder.resolve("data");
        final long lastSequence = makeJournal(data, random);
        final FlippedJournal journal = new FlippedJournal(data);
        final Place[] last = journal.recordOf(lastSequence);
        assertEquals(lastSequence, journal.databases().get(0).sequence());
        int found = 0;
        int foundInLast = 0;
        int real = 0;
        for (int i = 0; i < BITS; i++) {
            final boolean inLast = i % IN_LAST == 0;
            final Place place = inLast ? within(last, random) : anywhere(journal, random);
            place.flip();
            try {
                final boolean damaged = journal.isFoundDamaged();
                assertTrue(damaged || !inLast, "harmless in the last acknowledged record?");
                found += damaged ? 1 : 0;
                foundInLast += inLast ? 1 : 0;
                if (real < PROCESSES && i >= (long) real * BITS / PROCESSES) {
                    judgeForReal(folder.resolve("real-" + real++), data, damaged);
                }
            } catch (final AssertionError error) {
                throw new AssertionError("lockstep.seed=" + seed + ", flip=" + i + ", " + place, error);
            }
            place.flip();
        }
        assertTrue(!journal.isFoundDamaged(), "every flip was taken back");
        Scenario.report(
                "bit flips=%d foundAsDamage=%d ofThemInTheLastAcknowledgedRecord=%d shownHarmless=%d byRealProcesses=%d"
                        + " records=%d files=%d seed=%d",
                BITS,
                found,
                foundInLast,
                BITS - found,
                real,
                journal.recordCount(),
                journal.files().size(),
                seed);
    }

    private static Place within(final Place[] bounds, final Random random) {
        final int length = (int) (bounds[1].offset() - bounds[0].offset());
        return new Place(bounds[0].file(), bounds[0].offset() + random.nextInt(length), random.nextInt(8));
    }

    private static Place anywhere(final FlippedJournal journal, final Random random) throws IOException {
        final Path file = journal.files().get(random.nextInt(journal.files().size()));
        return new Place(file, random.nextInt((int) Files.size(file)), random.nextInt(8));
    }

    /** Lets a real node write a synced journal in several starts, and keeps what it tells of it. */
    private long makeJournal(final Path data, final Random random) throws IOException {
        final long sequence;
        try (NodeProcess node = node(folder, data)) {
            for (int start = 0; start < STARTS; start++) {
                final Path sets = Files.writeString(folder.resolve("sets.jsonl"), sets(start, random));
                node.start();
                Launcher.finish(
                                Scenario.load(folder, node, sets, "--connections", "4", "--in-flight", "64"),
                                folder,
                                "load",
                                120)
                        .orFail();
                if (start < STARTS - 1) {
                    assertEquals(0, node.stop());
                }
            }
            dumped = Launcher.text(Scenario.dump(folder, node));
            watched = Launcher.text(Scenario.watch(folder, node));
            sequence = Ledger.dumpedSequence(folder.resolve("dump.err"));
            Ledger.check(Scenario.acks(folder), folder.resolve("watch.out"));
            assertEquals(0, node.stop());
        }
        verified = Launcher.run(folder, "verify", 60, "verify", "--data", data.toString())
                .orFail()
                .outText();
        return sequence;
    }

    private static NodeProcess node(final Path folder, final Path data) {
        return new NodeProcess(
                folder,
                data,
                "--durability",
                "synced",
                "--journal-file-bytes",
                "4MiB",
                "--space-soft-bytes",
                "2MiB",
                "--space-hard-bytes",
                "1MiB");
    }

    /** A copy of the folder as it is now, before the commands and a node that users have. */
    private void judgeForReal(final Path place, final Path data, final boolean damaged) throws IOException {
        Files.createDirectories(place);
        final Path copy = place.resolve("data");
        copy(data, copy);
        final Launcher.Result verify = Launcher.run(place, "verify", 60, "verify", "--data", copy.toString());
        assertEquals(damaged ? DAMAGE : 0, verify.exitCode(), verify::errText);
        try (NodeProcess node = node(place, copy)) {
            if (damaged) {
                assertEquals(DAMAGE, node.launch().awaitExit(60), node::err);
                assertTrue(!node.out().contains("ready"), node::out);
                return;
            }
            assertEquals(databases(verified), databases(verify.outText()));
            node.start();
            assertEquals(dumped, Launcher.text(Scenario.dump(place, node)));
            assertEquals(watched, Launcher.text(Scenario.watch(place, node)));
            assertEquals(0, node.stop());
        }
    }

    /** Of what verify prints, positions and databases; a harmless bit may be told of besides. */
    private static String databases(final String verified) {
        return verified.replaceAll("(?s).*?(records .*?)(torn tail|rule) .*", "$1");
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (final Path path : all.toList()) {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Writes of four sites to some rows, and a delete now and then. */
    private static String sets(final int start, final Random random) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < SETS_A_START; i++) {
            text.append("{\"site\":\"%032x\",\"wall\":%d,\"counter\":0,\"changes\":["
                    .formatted(1 + random.nextInt(4), 1_700_000_000_000L + start * SETS_A_START + i));
            final String row = "\"opSeq\":0,\"schema\":\"main\",\"table\":\"t\",\"pk\":[{\"integer\":\"%d\"}]"
                    .formatted(random.nextInt(ROWS));
            if (random.nextInt(10) == 0) {
                text.append("{\"op\":\"delete\",").append(row).append('}');
            } else {
                text.append("{\"op\":\"write\",").append(row);
                text.append(",\"column\":\"c%d\",\"value\":{\"text\":\"%s\"}}"
                        .formatted(
                                random.nextInt(3),
                                Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(12))));
            }
            text.append("]}\n");
        }
        return text.toString();
    }
}
