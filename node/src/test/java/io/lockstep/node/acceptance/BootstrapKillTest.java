package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.SnapshotListener;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.TableFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL while a client that is new reads a snapshot: it goes on where it was, or starts over, and ends with the state. */
@Tag("long")
class BootstrapKillTest {
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.bootstrapKills", 30);
    private static final int SETS_A_KILL = 4_000;
    private static final long CALL_TIMEOUT_MS = 60_000;

    @TempDir
    private Path folder;

    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger startedOver = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();

    @Test
    void shouldGoOnOrStartOver() throws Exception {
        final long seed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("bootstrap kill seed=%d kills=%d", seed, KILLS);
        final Random random = new Random(seed);
        final Crowd crowd = Crowd.around(
                Launcher.history(folder, "aeron"), Launcher.finalState(folder, "aeron"), SETS_A_KILL * KILLS, folder);
        final Path data = folder.resolve("data");
        final AtomicBoolean stop = new AtomicBoolean();
        int during = 0;
        try (NodeProcess node = new NodeProcess(
                folder,
                data,
                "--durability",
                "synced",
                "--snapshot-journal-bytes",
                "4MiB",
                "--snapshot-bytes-per-second",
                "16MiB")) {
            node.start();
            final Process load = Scenario.load(
                    folder, node, crowd.changes(), "--connections", "8", "--rate", "2000", "--shuffle", "7");
            awaitSnapshot(data);
            final CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    bootstrap(node.address());
                }
            });
            for (int i = 0; i < KILLS; i++) {
                final int before = pages.get();
                for (int wait = 0; wait < 1_000 && pages.get() == before; wait++) {
                    NodeProcess.pauseMs(10);
                }
                NodeProcess.pauseMs(random.nextInt(300));
                assertTrue(!reading.isDone(), () -> "reading ended: " + reading);
                node.kill();
                during += pages.get() > before ? 1 : 0;
                node.start();
            }
            stop.set(true);
            reading.get();
            Launcher.finish(load, folder, "load", 900);
            assertEquals(0, load.exitValue(), () -> Launcher.text(folder.resolve("load.err")));
            bootstrap(node.address());
            Launcher.assertSameState(folder, crowd.state(), Scenario.dump(folder, node));
            assertEquals(0, node.stop());
        }
        Scenario.report(
                "bootstrap kill pages=%d whole=%d startedOver=%d broken=%d killedWhileReading=%d",
                pages.get(), whole.get(), startedOver.get(), broken.get(), during);
        assertTrue(during * 2 > KILLS, "too few kills while pages came: " + during);
        assertTrue(whole.get() > 0, "no snapshot was read whole");
    }

    /** The replica is held against the node's digest before it is handed out: what is whole is right. */
    private void bootstrap(final String address) {
        final ClientContext context = new ClientContext().addresses(address).callTimeoutMs(CALL_TIMEOUT_MS);
        try (BlockingClient client = BlockingClient.connect(context, CALL_TIMEOUT_MS)) {
            client.openDatabase(DatabaseOptions.existing(Scenario.DATABASE));
            client.bootstrap(TableFilter.ALL, new SnapshotListener() {
                @Override
                public void onPage(final SnapshotPage page) {
                    pages.incrementAndGet();
                    NodeProcess.pauseMs(5); // a slow device: so that kills meet it while it reads
                }

                @Override
                public void onStartOver(final String reason) {
                    startedOver.incrementAndGet();
                }
            });
            whole.incrementAndGet();
        } catch (final ClientException e) {
            // Without a connection in the end, or with history gone that was needed: said, and tried again.
            assertTrue(e.code() != ErrorCodes.DIGEST_DIFFERS && e.code() != ErrorCodes.TIMED_OUT, () -> "" + e);
            broken.incrementAndGet();
            Scenario.report("bootstrap kill: %s", e.getMessage());
        }
    }

    private static void awaitSnapshot(final Path data) throws java.io.IOException {
        final Path snapshots = data.resolve("snapshots");
        for (int i = 0; ; i++) {
            try (var files = Files.list(snapshots)) {
                if (files.anyMatch(file -> file.toString().endsWith(".snapshot"))) {
                    return;
                }
            }
            assertTrue(i < 600, "no snapshot within a minute");
            NodeProcess.pauseMs(100);
        }
    }
}
