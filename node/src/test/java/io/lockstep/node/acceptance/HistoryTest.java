package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real histories in disturbed order end in the tree that they must end in. */
@Tag("long")
class HistoryTest {
    @ParameterizedTest
    @CsvSource({"agrona,1", "agrona,2", "agrona,3", "aeron,1", "aeron,2", "aeron,3"})
    void shouldEndInTheFinalTree(final String name, final String shuffle, @TempDir final Path folder) {
        final Path history = Launcher.history(folder, name);
        final Path data = folder.resolve("data");
        try (NodeProcess node = new NodeProcess(folder, data)) {
            node.start();
            final long startNs = System.nanoTime();
            final Process load = Scenario.load(folder, node, history, "--connections", "16", "--shuffle", shuffle);
            assertEquals(0, Launcher.finish(load, folder, "load", 300).exitCode());
            Scenario.report("history %s shuffle=%s seconds=%.1f", name, shuffle, (System.nanoTime() - startNs) / 1e9);
            final Path state = Scenario.dump(folder, node);
            Launcher.assertSameState(folder, Launcher.finalState(folder, name), state);
            final Path watched = Scenario.watch(folder, node);
            Ledger.check(Scenario.acks(folder), watched);
            Launcher.assertSameState(folder, state, BlindReplica.stateOf(watched, folder.resolve("replica.jsonl")));
            assertEquals(0, node.stop());
            Scenario.verify(folder, data);
        }
    }
}
