package io.lockstep.node.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.NodeDatabases;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Databases that nobody has open leave the memory of a real node, and are there when somebody opens them. */
@Timeout(120)
class ResidencyTest {
    private static final long WALL = 1_700_000_000_000L;
    private static final int DATABASES = 12;
    private static final int RESIDENT_MAX = 4;
    private static final int ROWS = 40;
    private static final Site SITE = new Site(1, 2);

    @TempDir
    private Path folder;

    private NodeProcess node;
    private int starts;

    @BeforeEach
    void start() throws IOException {
        node = NodeProcess.start(
                List.of(
                        "--data",
                        folder.resolve("data").toString(),
                        "--tcp",
                        "127.0.0.1:0",
                        "--auth",
                        "none",
                        "--databases-resident-max",
                        Integer.toString(RESIDENT_MAX)),
                folder.resolve("node-" + starts++ + ".log"));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void shouldLeaveMemoryAndComeBackWhenOpened() throws Exception {
        for (int i = 0; i < DATABASES; i++) {
            write(i, 0);
        }
        awaitResident();
        assertListed(1);
        for (int i = 0; i < DATABASES; i++) {
            assertCells(i, 0);
        }
        assertTrue(status("loads_total") >= DATABASES - RESIDENT_MAX, "loads=" + status("loads_total"));
        write(3, 1);
        awaitResident();
        assertBootstraps();
        node.close();
        start();
        assertTrue(status("databases_resident") <= RESIDENT_MAX, "a start does not load them all");
        assertCellsForManyAtOnce();
    }

    private void assertCellsForManyAtOnce() throws Exception {
        final CompletableFuture<?>[] opening = new CompletableFuture<?>[3 * DATABASES];
        for (int i = 0; i < opening.length; i++) {
            final int database = i % DATABASES;
            opening[i] = CompletableFuture.runAsync(() -> assertCells(database, database == 3 ? 1 : 0));
        }
        CompletableFuture.allOf(opening).get(60, TimeUnit.SECONDS);
    }

    /** A new client's state comes out of the snapshot's file, where databases that left memory are, too. */
    private void assertBootstraps() {
        for (int i = 4; i < DATABASES; i++) {
            try (BlockingClient client = open(i)) {
                assertEquals(
                        client.readState().cells().toString(),
                        client.bootstrap(TableFilter.ALL, page -> {}).cells().toString());
            }
        }
    }

    private void assertListed(final int sequence) {
        try (BlockingClient client = connect()) {
            final List<NodeDatabases.Entry> all = NodeDatabases.of(client);
            assertEquals(DATABASES, all.size());
            for (final NodeDatabases.Entry each : all) {
                assertEquals(sequence, each.sequence(), each.name());
                assertEquals(ROWS, each.cells(), each.name());
            }
            assertTrue(all.stream().filter(each -> !each.resident()).count() >= DATABASES - RESIDENT_MAX);
        }
    }

    private void awaitResident() {
        await(() -> status("databases_resident") <= RESIDENT_MAX);
    }

    private void write(final int database, final int round) {
        try (BlockingClient client = open(database)) {
            final ChangeSet.Builder set = ChangeSet.builder(SITE, WALL + round, 0);
            for (int row = 0; row < ROWS; row++) {
                set.write("main", "t", Key.ofInteger(row), "c", Value.ofInteger(value(database, round, row)));
            }
            client.submitAndWait(set.build());
        }
    }

    private void assertCells(final int database, final int round) {
        try (BlockingClient client = open(database)) {
            final String cells = client.readState().cells().toString();
            for (int row = 0; row < ROWS; row++) {
                assertTrue(
                        cells.contains(Integer.toString(value(database, round, row))),
                        () -> "database=" + database + " cells=" + cells);
            }
        }
    }

    private static int value(final int database, final int round, final int row) {
        return 1_000_000 * (1 + round) + 1_000 * database + row;
    }

    private BlockingClient open(final int database) {
        final BlockingClient client = connect();
        client.openDatabase(DatabaseOptions.createIfMissing("d" + database));
        return client;
    }

    private BlockingClient connect() {
        return BlockingClient.connect(new ClientContext().addresses(node.address()));
    }

    private long status(final String name) {
        try (BlockingClient client = connect()) {
            return ((Number) client.status().get(name)).longValue();
        }
    }

    private static void await(final BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < 300, "not within half a minute");
            LockSupport.parkNanos(100_000_000);
        }
    }
}
