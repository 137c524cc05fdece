package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long opening a database takes that is not in memory, while others write; the same for one that is. */
@Tag("long")
class ResidencyFiguresTest {
    private static final int DATABASES = Integer.getInteger("lockstep.acceptance.knownDatabases", 3_000);
    private static final int RESIDENT_MAX = 64;
    private static final int ROWS = 200;
    private static final int OPENINGS = 2_000;
    private static final double OPEN_MS_MAX = 20;
    private static final long WALL = 1_700_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void shouldOpenOnDemandInTime() throws Exception {
        try (NodeProcess node = new NodeProcess(
                folder,
                folder.resolve("data"),
                "--databases-resident-max",
                Integer.toString(RESIDENT_MAX),
                "--sessions-per-principal-max",
                "0")) {
            node.start();
            IntStream.range(0, DATABASES).parallel().forEach(database -> fill(node, database));
            awaitEvicted(node);
            final AtomicBoolean stop = new AtomicBoolean();
            final CompletableFuture<Long> traffic = CompletableFuture.supplyAsync(() -> {
                long sets = 0;
                try (Writer writer = new Writer(node.address(), "busy")) {
                    while (!stop.get()) {
                        writer.write(20);
                        sets += 20;
                        NodeProcess.pauseMs(5);
                    }
                }
                return sets;
            });
            final Random random = new Random(1);
            final long loadsBefore = status(node, "loads_total");
            final double[] known = new double[OPENINGS];
            for (int i = 0; i < OPENINGS; i++) {
                known[i] = openMs(node, "d" + random.nextInt(DATABASES));
            }
            final long loads = status(node, "loads_total") - loadsBefore;
            final double[] resident = new double[OPENINGS];
            for (int i = 0; i < OPENINGS; i++) {
                resident[i] = openMs(node, "busy");
            }
            stop.set(true);
            final long sets = traffic.get(60, TimeUnit.SECONDS);
            Arrays.sort(known);
            Arrays.sort(resident);
            Scenario.report(
                    "open on demand: databases=%d cells=%d openings=%d broughtBack=%d setsMeanwhile=%d; ms p50=%.2f p99=%.2f"
                            + " max=%.2f; of one in memory p50=%.2f p99=%.2f max=%.2f; slices=%d over a millisecond=%d longest"
                            + " us=%d, longest load us=%d",
                    DATABASES,
                    ROWS,
                    OPENINGS,
                    loads,
                    sets,
                    at(known, 0.5),
                    at(known, 0.99),
                    known[OPENINGS - 1],
                    at(resident, 0.5),
                    at(resident, 0.99),
                    resident[OPENINGS - 1],
                    status(node, "residency_slices_total"),
                    status(node, "residency_slices_slow_total"),
                    status(node, "residency_slice_ns_max") / 1_000,
                    status(node, "load_ns_max") / 1_000);
            assertTrue(loads > OPENINGS / 2, "too few were not in memory: " + loads);
            assertTrue(at(known, 0.99) < OPEN_MS_MAX, "p99=" + at(known, 0.99));
            assertEquals(0, node.stop());
        }
    }

    private static double at(final double[] sorted, final double part) {
        return sorted[(int) (part * (sorted.length - 1))];
    }

    private static void fill(final NodeProcess node, final int database) {
        try (BlockingClient client = connect(node)) {
            client.openDatabase(DatabaseOptions.createIfMissing("d" + database));
            final ChangeSet.Builder set = ChangeSet.builder(new Site(7, database), WALL, 0);
            for (int row = 0; row < ROWS; row++) {
                set.write("main", "t", Key.ofInteger(row), "c", Value.ofInteger(row));
            }
            client.submitAndWait(set.build());
        }
    }

    private static double openMs(final NodeProcess node, final String database) {
        try (BlockingClient client = connect(node)) {
            final long startNs = System.nanoTime();
            client.openDatabase(DatabaseOptions.existing(database));
            return (System.nanoTime() - startNs) / 1e6;
        }
    }

    private static void awaitEvicted(final NodeProcess node) {
        for (int i = 0; status(node, "databases_resident") > RESIDENT_MAX; i++) {
            assertTrue(i < 600, "not within a minute: " + status(node, "databases_resident"));
            NodeProcess.pauseMs(100);
        }
    }

    private static long status(final NodeProcess node, final String name) {
        try (BlockingClient client = connect(node)) {
            return ((Number) client.status().get(name)).longValue();
        }
    }

    private static BlockingClient connect(final NodeProcess node) {
        return BlockingClient.connect(new ClientContext().addresses(node.address()));
    }
}
