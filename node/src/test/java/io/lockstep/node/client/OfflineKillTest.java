package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.Replica;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL for a device while it writes and while it applies what others write, and now and then for the node: what a write
 * returned for is at the node, once; the device goes on from its cursor, and ends in the node's state.
 */
class OfflineKillTest {
    private static final Site OTHER = new Site(0, 77);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("lockstep.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HybridClock clock = HybridClock.system(OTHER);
    private NodeProcess node;
    private String address = "127.0.0.1:0";
    private volatile boolean writing = true;

    @Test
    @Timeout(120)
    void shouldLoseNothingThroughAFewKills() throws Exception {
        run("synced", 4);
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void shouldLoseNothingThroughManyKills() throws Exception {
        run("synced", Integer.getInteger("lockstep.acceptance.kills", 40));
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void shouldLoseNothingThroughManyKillsWithoutWaitingForTheDisk() throws Exception {
        run("written", Integer.getInteger("lockstep.acceptance.kills", 40));
    }

    private void run(final String durability, final int kills) throws Exception {
        startNode();
        final Thread others = new Thread(this::writeElsewhere, "others");
        others.start();
        try {
            for (int i = 0; i < kills; i++) {
                final Process device = device(i, durability, -1, 0);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600 + random.nextInt(900)));
                assertTrue(device.isAlive(), () -> "the device ended: " + log() + ", seed=" + seed);
                if (i % 3 == 2) {
                    node.kill();
                    startNode();
                }
                device.destroyForcibly().waitFor();
            }
        } finally {
            writing = false;
            others.join();
        }
        try (BlockingClient client = connect()) {
            client.openDatabase(DatabaseOptions.createIfMissing(OfflineDevice.DATABASE));
            final long atLeast = client.readState().cursor().sequence();
            final Process last = device(kills, durability, 1, atLeast);
            assertTrue(last.waitFor(100, TimeUnit.SECONDS), "it ends");
            assertEquals(0, last.exitValue(), () -> log() + ", seed=" + seed);
            check(client, kills);
        } finally {
            node.close();
        }
    }

    private void check(final BlockingClient client, final int kills) throws IOException, InterruptedException {
        final List<String> lines = Files.readAllLines(folder.resolve("device.out"));
        final Replica state = client.readState();
        final Set<String> own = state.cells().stream()
                .filter(cell -> "own".equals(cell.table()))
                .map(cell -> cell.value().asText())
                .collect(Collectors.toSet());
        final List<String> wrote = of(lines, "wrote ");
        final List<String> missing =
                wrote.stream().filter(key -> !own.contains(key)).toList();
        assertEquals(List.of(), missing, () -> "written here and not there: seed=" + seed);
        assertEquals(List.of(), of(lines, "undecided "), () -> "seed=" + seed);
        assertEquals(
                state.cells().stream().map(Cell::toString).collect(Collectors.toSet()),
                Set.copyOf(of(lines, "cell ")),
                () -> "replica and node differ: seed=" + seed);
        final int applied = checkSequences(lines);
        checkOnce(client, state.cursor().sequence());
        System.out.println("offline kills=" + kills + " wrote=" + wrote.size() + " applied=" + applied + " sequence="
                + state.cursor().sequence() + " resets=" + of(lines, "reset ") + " seed=" + seed);
    }

    /** Sequences are applied one after the other, and what was applied stays so through a kill. */
    private int checkSequences(final List<String> lines) {
        long sequence = 0;
        int applied = 0;
        boolean stateRead = false;
        for (final String line : lines) {
            final String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "open" -> {
                    final long found = Long.parseLong(words[1]);
                    assertTrue(found >= sequence, "went back: line=" + line + ", before=" + sequence);
                    sequence = found;
                }
                case "reset" -> stateRead = true;
                case "applied" -> {
                    final long next = Long.parseLong(words[1]);
                    assertTrue(
                            stateRead ? next > sequence : next == sequence + 1,
                            "out of order: line=" + line + ", before=" + sequence + ", seed=" + seed);
                    sequence = next;
                    stateRead = false;
                    applied++;
                }
                default -> {}
            }
        }
        return applied;
    }

    /** No change set took effect twice. */
    private void checkOnce(final BlockingClient client, final long last) throws InterruptedException {
        final Set<Hlc> clocks = new HashSet<>();
        final List<Hlc> twice = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch done = new CountDownLatch(1);
        client.subscribe(Cursor.start(OfflineDevice.DATABASE), delivery -> {
            if (!clocks.add(delivery.clock())) {
                twice.add(delivery.clock());
            }
            if (delivery.sequence() == last) {
                done.countDown();
            }
        });
        assertTrue(done.await(60, TimeUnit.SECONDS), "told everything");
        assertEquals(List.of(), twice, () -> "seed=" + seed);
    }

    private static List<String> of(final List<String> lines, final String what) {
        return lines.stream()
                .filter(line -> line.startsWith(what))
                .map(line -> line.substring(what.length()))
                .toList();
    }

    private void startNode() throws IOException {
        node = NodeProcess.start(
                List.of("--data", folder.resolve("data").toString(), "--tcp", address, "--auth", "none"),
                folder.resolve("node.log"));
        address = node.address();
    }

    private BlockingClient connect() {
        return BlockingClient.connect(
                new ClientContext().addresses(address).suspectLosses(0).backoffMs(5, 100), 20_000);
    }

    private void writeElsewhere() {
        try (BlockingClient client = connect()) {
            client.openDatabase(DatabaseOptions.createIfMissing(OfflineDevice.DATABASE));
            for (int i = 0; writing; i++) {
                final ChangeSet.Builder set = ChangeSet.builder(clock.tick());
                set.write("main", "shared", Key.ofInteger(i % 11), "v", Value.ofText("other " + i));
                if (i % 13 == 0) {
                    set.delete("main", "shared", Key.ofInteger((i + 5) % 11));
                }
                client.submitAndWait(set.build());
                LockSupport.parkNanos(300_000);
            }
        }
    }

    private Process device(final int run, final String durability, final int writes, final long sequence)
            throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--")) {
                command.add(flag);
            }
        }
        final String testClassPath = System.getProperty("surefire.test.class.path");
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx200m", "-cp"));
        command.add(testClassPath == null ? System.getProperty("java.class.path") : testClassPath);
        command.addAll(List.of(
                OfflineDevice.class.getName(),
                folder.resolve("device").toString(),
                address,
                folder.resolve("device.out").toString(),
                Integer.toString(run),
                durability,
                Integer.toString(writes),
                Long.toString(sequence)));
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("device.log").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("device.log").toFile()))
                .start();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("device.log"));
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
