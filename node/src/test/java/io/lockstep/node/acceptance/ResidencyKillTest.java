package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments while databases leave memory and come back all the time: whoever opens one finds what was
 * acknowledged, and nothing older.
 */
@Tag("long")
class ResidencyKillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.residencyKills", 30);
    private static final int DATABASES = 400;
    private static final int WORKERS = 4;
    private static final int ROWS = 20;
    private static final int SETS_MAX = 4;
    private static final long WALL = 1_700_000_000_000L;
    private static final long CALL_TIMEOUT_MS = 60_000;

    @TempDir
    private Path folder;

    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private long evictions;
    private long loads;
    private int duringLoads;

    @Test
    void shouldKeepWhatWasAcknowledged() throws Exception {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("residency kill seed=%d kills=%d", seed, KILLS);
        final Random random = new Random(seed);
        final Path data = folder.resolve("data");
        try (NodeProcess node = new NodeProcess(
                folder,
                data,
                "--databases-resident-max",
                "16",
                "--snapshot-journal-bytes",
                "1MiB",
                "--journal-file-bytes",
                "16MiB")) {
            node.start();
            final List<CompletableFuture<?>> working = new ArrayList<>();
            final List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                final Worker worker = new Worker(node.address(), i, random.nextLong());
                workers.add(worker);
                working.add(CompletableFuture.runAsync(worker::run, task -> new Thread(task).start()));
            }
            for (int i = 0; i < KILLS; i++) {
                live(node, working, random);
                node.kill();
                node.start();
            }
            stop.set(true);
            for (final CompletableFuture<?> each : working) {
                each.get(CALL_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            }
            for (final Worker worker : workers) {
                worker.checkAll();
            }
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
            final String verified = Launcher.text(folder.resolve("verify.out"));
            assertTrue(verified.contains("gives the same"), verified);
        }
        Scenario.report(
                "residency kill visits=%d brokenOff=%d evictions=%d loads=%d killedWhileLoading=%d",
                visits.get(), broken.get(), evictions, loads, duringLoads);
        assertTrue(evictions > KILLS * 10L, "too little left memory: " + evictions);
        assertTrue(loads > KILLS * 10L, "too little came back: " + loads);
        assertTrue(broken.get() < visits.get() / 4, "too little was checked: " + broken.get());
    }

    /** Until a random moment; what was seen last is from shortly before it. */
    private void live(final NodeProcess node, final List<CompletableFuture<?>> working, final Random random) {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500 + random.nextInt(4_000));
        long left = 0;
        long back = 0;
        long backBefore = 0;
        try (BlockingClient client = connect(node.address())) {
            while (System.nanoTime() < endNs) {
                working.forEach(each -> assertTrue(!each.isDone(), () -> "a worker ended: " + each));
                backBefore = back;
                left = number(client, "evictions_total");
                back = number(client, "loads_total");
                NodeProcess.pauseMs(random.nextInt(30));
            }
        }
        evictions += left;
        loads += back;
        duringLoads += back > backBefore ? 1 : 0;
    }

    private static long number(final BlockingClient client, final String name) {
        return ((Number) client.status().get(name)).longValue();
    }

    private static BlockingClient connect(final String address) {
        return BlockingClient.connect(
                new ClientContext().addresses(address).callTimeoutMs(CALL_TIMEOUT_MS), CALL_TIMEOUT_MS);
    }

    /** The only one that writes to its databases: what it was told is what it must find. */
    private final class Worker {
        private final String address;
        private final int number;
        private final Random random;
        private final long[] sets = new long[DATABASES];
        private final boolean[] inDoubt = new boolean[DATABASES];

        private Worker(final String address, final int number, final long seed) {
            this.address = address;
            this.number = number;
            random = new Random(seed);
        }

        void run() {
            while (!stop.get()) {
                visit(random.nextInt(DATABASES / WORKERS) * WORKERS + number, random.nextInt(SETS_MAX) - 1);
                visits.incrementAndGet();
                NodeProcess.pauseMs(random.nextInt(20));
            }
        }

        void checkAll() {
            for (int database = number; database < DATABASES; database += WORKERS) {
                assertTrue(visit(database, 0), "the node is up");
            }
        }

        /** False if the connection was lost meanwhile. */
        private boolean visit(final int database, final int writes) {
            try (BlockingClient client = connect(address)) {
                client.openDatabase(DatabaseOptions.createIfMissing("d" + database));
                if (inDoubt[database]) {
                    submit(client, database); // once more: what is there already changes nothing
                    inDoubt[database] = false;
                }
                check(database, client);
                for (int i = 0; i < writes; i++) {
                    sets[database]++;
                    inDoubt[database] = true;
                    submit(client, database);
                    inDoubt[database] = false;
                }
                return true;
            } catch (final ClientException e) {
                broken.incrementAndGet();
                return false;
            }
        }

        private void submit(final BlockingClient client, final int database) {
            final long set = sets[database];
            client.submitAndWait(ChangeSet.builder(new Site(7, database), WALL + set, 0)
                    .write("main", "t", Key.ofInteger(set % ROWS), "c", Value.ofInteger(set))
                    .build());
        }

        private void check(final int database, final BlockingClient client) {
            final List<String> expected = new ArrayList<>();
            for (long set = Math.max(1, sets[database] - ROWS + 1); set <= sets[database]; set++) {
                expected.add(Value.ofInteger(set).toString());
            }
            final List<String> actual = new ArrayList<>();
            for (final Cell cell : client.readState().cells()) {
                actual.add(cell.value().toString());
            }
            expected.sort(null);
            actual.sort(null);
            assertEquals(expected, actual, () -> "database=d" + database);
        }
    }
}
