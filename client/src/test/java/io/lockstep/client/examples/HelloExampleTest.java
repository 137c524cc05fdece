package io.lockstep.client.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.RunningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HelloExampleTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String SOURCE = "client/src/test/java/io/lockstep/client/examples/HelloExample.java";

    @Test
    void shouldWriteAndHearOfIt() {
        final DatabaseScript script = new DatabaseScript();
        try (RunningNode node = new RunningNode(script)) {
            HelloExample.main(new String[] {node.address()});
            assertEquals(1, script.database.deliveries().size());
        }
    }

    @Test
    void shouldStandInTheReadmeAsItIsTested() throws IOException {
        final String source = Files.readString(ROOT.resolve(SOURCE));
        final String shown = source.substring(source.indexOf("import "));
        assertTrue(Files.readString(ROOT.resolve("README.md")).contains("```java\n" + shown + "```"), shown);
    }
}
