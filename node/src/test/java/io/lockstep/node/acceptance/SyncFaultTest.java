package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The n-th fdatasync kills the node, or fails: nothing that was not synced is ever acknowledged. */
@Tag("long")
class SyncFaultTest {
    private static final long WRITE_NS_MAX = 120_000_000_000L;
    private static final int FAULTS = Integer.getInteger("lockstep.acceptance.faults", 20);
    private static final int EXIT_JOURNAL_IO = 10;

    static Stream<Arguments> faults() {
        return IntStream.range(0, FAULTS).boxed().flatMap(i -> {
            final int nth = 3 + i * 7;
            return Stream.of(Arguments.of("signal=KILL", nth), Arguments.of("error=EIO", nth));
        });
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldNotAcknowledgeWhatWasNotSynced(final String fault, final int nth, @TempDir final Path folder) {
        Launcher.assumeTool("strace");
        final Path history = Launcher.history(folder, "agrona");
        final Path data = folder.resolve("data");
        try (NodeProcess node = new NodeProcess(folder, data, "--durability", "synced")) {
            // The first syncs are those of the start itself, which may so never be ready.
            node.launch(
                    "strace",
                    "-f",
                    "-o",
                    folder.resolve("strace").toString(),
                    "-e",
                    "trace=fdatasync",
                    "-e",
                    "inject=fdatasync:" + fault + ":when=" + nth);
            final Process load = Scenario.load(folder, node, history, "--connections", "4", "--rate", "500");
            writeUntilItEnds(node, load);
            final int exitCode = node.awaitExit(60);
            if (fault.startsWith("error")) {
                assertEquals(EXIT_JOURNAL_IO, exitCode, node::err);
            } else {
                assertNotEquals(0, exitCode);
            }
            node.start();
            Launcher.finish(load, folder, "load", 120);
            assertEquals(0, load.exitValue(), () -> Launcher.text(folder.resolve("load.err")));
            final Path state = Scenario.dump(folder, node);
            Ledger.check(Scenario.acks(folder), Scenario.watch(folder, node));
            Launcher.assertSameState(folder, Launcher.finalState(folder, "agrona"), state);
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
        }
    }

    /** Where a sync takes long many change sets share one, and the load may be over before there were so many. */
    private static void writeUntilItEnds(final NodeProcess node, final Process load) {
        final long startNs = System.nanoTime();
        while (node.isAlive() && System.nanoTime() - startNs < WRITE_NS_MAX) {
            if (load.isAlive()) {
                NodeProcess.pauseMs(10);
            } else {
                writeMore(node);
            }
        }
    }

    private static void writeMore(final NodeProcess node) {
        final Site site = new Site(7, 7);
        try (BlockingClient client = BlockingClient.connect(
                new ClientContext().addresses(node.address()).callTimeoutMs(2_000))) {
            client.openDatabase(DatabaseOptions.createIfMissing("more"));
            for (int i = 0; node.isAlive(); i++) {
                client.submitAndWait(ChangeSet.builder(site, System.currentTimeMillis(), i)
                        .write("main", "t", Key.ofInteger(i), "c", Value.ofInteger(i))
                        .build());
            }
        } catch (final ClientException gone) {
            NodeProcess.pauseMs(10); // it ends, or is busy
        }
    }
}
