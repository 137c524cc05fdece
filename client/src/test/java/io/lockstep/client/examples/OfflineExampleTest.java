package io.lockstep.client.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.RunningNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OfflineExampleTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSendLaterWhatWasWrittenWithoutANode() throws InterruptedException {
        try (OfflineExample device = new OfflineExample(folder, "127.0.0.1:1")) {
            device.write("shopping", "milk");
        }
        final DatabaseScript script = new DatabaseScript();
        try (RunningNode node = new RunningNode(script);
                OfflineExample device = new OfflineExample(folder, node.address())) {
            device.write("garden", "water");
            assertTrue(device.isSent());
            assertEquals(Map.of("garden", "water", "shopping", "milk"), device.notes());
            assertEquals(2, script.database.cells().size());
        }
    }
}
