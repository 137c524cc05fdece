package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots one after the other under load: SIGKILL at random moments, flipped bits in the newest, a disk that fills up
 * meanwhile. What was acknowledged stays, nothing half-made is believed, and the state comes out right.
 */
@Tag("long")
class SnapshotKillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.snapshotKills", 30);
    private static final String RATE = System.getProperty("lockstep.acceptance.rate", "500");

    /** What the load sends, at its rate, between two kills, and more than that. */
    private static final int SETS_A_KILL = 2_500;

    private static final int FLIP_EVERY = 5;
    private static final int FLIPS = 3;

    /** Small files and a small threshold: a snapshot is due all the time, and slow enough to be met half-made. */
    private static final List<String> SNAPSHOTS_ALL_THE_TIME = List.of(
            "--snapshot-journal-bytes", "1MiB", "--snapshot-bytes-per-second", "1MiB", "--journal-file-bytes", "16MiB");

    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasAcknowledgedWhileSnapshotsAreTaken() {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("snapshot kill seed=%d kills=%d", seed, KILLS);
        final Random random = new Random(seed);
        final Crowd crowd = Crowd.around(
                Launcher.history(folder, "aeron"), Launcher.finalState(folder, "aeron"), SETS_A_KILL * KILLS, folder);
        final Path data = folder.resolve("data");
        int halfMade = 0;
        int fromSnapshot = 0;
        int spoilt = 0;
        try (NodeProcess node = new NodeProcess(folder, data, args("--durability", "synced"))) {
            node.start();
            final Process load = Scenario.load(
                    folder, node, crowd.changes(), "--connections", "8", "--rate", RATE, "--shuffle", "7");
            for (int i = 0; i < KILLS; i++) {
                pauseUntilSnapshots(data, i == 0 ? 1 : 0);
                NodeProcess.pauseMs(300 + random.nextInt(1_000));
                final String when = "the load ended before kill " + i + " of " + KILLS;
                assertTrue(load.isAlive(), () -> when + ": " + Launcher.text(folder.resolve("load.err")));
                node.kill();
                halfMade += named(data, ".part").isEmpty() ? 0 : 1;
                final int whole = named(data, ".snapshot").size();
                final boolean flip = whole > 1 && i % FLIP_EVERY == FLIP_EVERY - 1;
                if (flip) {
                    flipNewest(data, random);
                    spoilt++;
                }
                node.start();
                final String log = node.err();
                assertTrue(log.contains("started from the snapshot"), "snapshots=" + whole + ": " + log);
                assertEquals(flip, log.contains("cannot be used"), log);
                fromSnapshot += log.contains("started from the snapshot") ? 1 : 0;
            }
            Launcher.finish(load, folder, "load", 900);
            assertEquals(0, load.exitValue(), () -> Launcher.text(folder.resolve("load.err")));
            final Path state = Scenario.dump(folder, node);
            final int checked = Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            Launcher.assertSameState(folder, crowd.state(), state);
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
            final String verified = Launcher.text(folder.resolve("verify.out"));
            assertTrue(verified.contains("gives the same"), verified);
            assertTrue(fromSnapshot * 2 > KILLS, "too few starts from a snapshot: " + fromSnapshot);
            Scenario.report(
                    "snapshot kill accepted=%d startsFromASnapshot=%d killedWithOneHalfMade=%d newestSpoilt=%d",
                    checked, fromSnapshot, halfMade, spoilt);
        }
    }

    @Test
    void shouldGiveUpASnapshotForWhichTheDiskHasNoRoom() throws IOException {
        final Path history = Launcher.history(folder, "aeron");
        try (LoopDisk disk = LoopDisk.make(folder, "small", 256L << 20);
                NodeProcess node = new NodeProcess(
                        folder, disk.data(), args("--space-soft-bytes", "64MiB", "--space-hard-bytes", "16MiB"))) {
            node.start();
            final Process load = Scenario.load(
                    folder, node, history, "--connections", "8", "--rate", RATE, "--retry-seconds", "120");
            final Path ballast = disk.mount().resolve("someone-else");
            fill(ballast, 80L << 20);
            final String status = fillUntilOneIsGivenUp(node, disk.data(), ballast);
            assertTrue(node.isAlive(), node::err);
            Files.delete(ballast);
            assertEquals(
                    0,
                    Launcher.finish(load, folder, "load", 600).exitCode(),
                    () -> Launcher.text(folder.resolve("load.err")));
            final Path state = Scenario.dump(folder, node);
            Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            Launcher.assertSameState(folder, Launcher.finalState(folder, "aeron"), state);
            assertEquals(0, node.stop());
            Scenario.verify(folder, disk.data());
            Scenario.report("snapshot on a full disk: %s", status);
        }
    }

    /** Takes room away as soon as one is being written, down to below what must stay free, while writes go on. */
    private static String fillUntilOneIsGivenUp(final NodeProcess node, final Path data, final Path ballast) {
        for (int i = 0; i < 6_000; i++) {
            if (!named(data, ".part").isEmpty()) {
                fill(ballast, 40L << 20);
            }
            final String log = node.err();
            if (log.contains("a snapshot cannot be written") || log.contains("is put off")) {
                return log.contains("a snapshot cannot be written") ? "given up" : "put off";
            }
            NodeProcess.pauseMs(10);
        }
        throw new AssertionError("no snapshot was given up: " + node.err());
    }

    private static void fill(final Path ballast, final long freeBytes) {
        final long mebibytes = (ballast.getParent().toFile().getUsableSpace() - freeBytes) >> 20;
        if (mebibytes > 0) {
            Launcher.tool(
                    ballast.resolveSibling("fill.log"),
                    "dd",
                    "if=/dev/zero",
                    "of=" + ballast,
                    "oflag=append",
                    "conv=notrunc",
                    "bs=1M",
                    "count=" + mebibytes);
        }
    }

    private static String[] args(final String... more) {
        return Stream.concat(SNAPSHOTS_ALL_THE_TIME.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static void pauseUntilSnapshots(final Path data, final int count) {
        for (int i = 0; named(data, ".snapshot").size() < count; i++) {
            assertTrue(i < 600, "no snapshot within a minute");
            NodeProcess.pauseMs(100);
        }
    }

    private static void flipNewest(final Path data, final Random random) {
        final List<Path> files = named(data, ".snapshot");
        final Path newest = files.get(files.size() - 1);
        try {
            final byte[] bytes = Files.readAllBytes(newest);
            for (int i = 0; i < FLIPS; i++) {
                // Never the same bit twice: each in a part of its own.
                final int part = bytes.length / FLIPS;
                bytes[i * part + random.nextInt(part)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(newest, bytes);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** By name, and so by position. */
    private static List<Path> named(final Path data, final String end) {
        final Path snapshots = data.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(snapshots)) {
            return found.filter(file -> file.getFileName().toString().endsWith(end))
                    .sorted()
                    .toList();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
