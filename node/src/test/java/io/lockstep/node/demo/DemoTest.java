package io.lockstep.node.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final int SETS = 2_500;
    private static final int SECONDS = 4;

    @TempDir
    private Path folder;

    @Test
    void shouldProveASmallMadeUpHistoryThroughAKill() throws Exception {
        final History history = BuiltInHistory.make(3, System.currentTimeMillis());
        final DemoPlan plan = new DemoPlan(history, SETS, System.currentTimeMillis());
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final DemoProgress progress = new DemoProgress(new PrintStream(err, true, StandardCharsets.UTF_8), false);
        try (Demo demo = new Demo(plan, folder, "synced", SECONDS, progress)) {
            demo.run();
            assertTrue(
                    demo.proof().holds(), () -> String.join("\n", demo.proof().lines()) + "\n" + err);
        }
    }
}
