package io.lockstep.client.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.RunningNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NotesExampleTest {
    @Test
    void shouldEndWithTheSameTextOnEveryDevice() throws Exception {
        try (RunningNode node = new RunningNode(new DatabaseScript());
                NotesExample phone = new NotesExample(node.address());
                NotesExample desk = new NotesExample(node.address())) {
            final CompletableFuture<SubmitOutcome> milk = phone.write("shopping", "milk");
            final CompletableFuture<SubmitOutcome> bread = desk.write("shopping", "bread");
            final long sequence = Math.max(
                    milk.get(10, TimeUnit.SECONDS).databaseSequence(),
                    bread.get(10, TimeUnit.SECONDS).databaseSequence());
            desk.await(sequence);
            phone.await(sequence);
            assertEquals(phone.read("shopping"), desk.read("shopping"));
        }
    }
}
