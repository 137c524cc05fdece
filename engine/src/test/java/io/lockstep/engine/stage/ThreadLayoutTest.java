package io.lockstep.engine.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;

class ThreadLayoutTest {
    /** Does nothing, under a name. */
    private record Idle(String roleName) implements Agent {
        @Override
        public int doWork() {
            return 0;
        }
    }

    private static GuardedAgent guarded(final String name) {
        return new FailStop((component, cause) -> fail(component)).guard(new Idle(name));
    }

    private static List<String> threadNames(final ThreadLayout layout) {
        final StageAgents stages = new StageAgents(
                guarded("clock"),
                guarded("snapshot"),
                guarded("arbitrate"),
                guarded("journal"),
                guarded("commit"),
                guarded("egress"));
        return layout.compose(stages, new Idle("gateway")).stream()
                .map(Agent::roleName)
                .toList();
    }

    @Test
    void shouldNameEachThreadWithOneWord() {
        assertEquals(List.of("engine"), threadNames(ThreadLayout.SHARED));
        assertEquals(List.of("transports", "arbitrate", "journal"), threadNames(ThreadLayout.DEDICATED));
    }
}
