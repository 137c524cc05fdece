package io.lockstep.node.tool.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lockstep.node.json.LineReader;
import io.lockstep.node.json.Vector;
import io.lockstep.node.json.VectorJson;
import io.lockstep.node.tool.SharedFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorRunnerTest {
    @ParameterizedTest
    @CsvSource({
        "LOCKSTEP, 1",
        "LOCKSTEP, 1024",
        "SHARED, 1",
        "SHARED, 2",
        "SHARED, 7",
        "SHARED, 1024",
        "DEDICATED, 1",
        "DEDICATED, 2",
        "DEDICATED, 7",
        "DEDICATED, 1024"
    })
    void shouldPassEveryVectorInEveryLayoutAndBatchSize(final VectorLayout layout, final int batch) throws IOException {
        final VectorRunner runner = new VectorRunner(layout, batch);
        final List<String> failures = new ArrayList<>();
        for (final Vector vector : vectors()) {
            for (final String difference : runner.run(vector)) {
                failures.add(vector.name() + ": " + difference);
            }
        }
        assertEquals(List.of(), failures.subList(0, Math.min(10, failures.size())));
    }

    @Test
    void shouldNameTheStepThatDiffers() throws IOException {
        final Vector vector = vectors().get(0);
        final List<Vector.Step> steps = new ArrayList<>(vector.steps());
        final Vector.Step step = steps.get(1);
        final Vector.Expected wrong = new Vector.Expected("accepted", 99, List.of(), List.of(), 0);
        steps.set(1, new Vector.Step(step.nowMs(), step.set(), step.horizonMs(), wrong));
        final List<String> differences = new VectorRunner(VectorLayout.LOCKSTEP, 1)
                .run(new Vector(
                        vector.name(),
                        vector.rowPolicy(),
                        vector.keyForm(),
                        vector.maxDriftMs(),
                        steps,
                        vector.finalState(),
                        vector.finalMigrations()));
        assertFalse(differences.isEmpty());
        assertEquals("step 1", differences.get(0).substring(0, 6));
    }

    private static List<Vector> vectors() throws IOException {
        final List<Vector> vectors = new ArrayList<>();
        try (LineReader reader = LineReader.open(
                SharedFolder.file("vectors/arbitration.jsonl.gz").toString())) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                vectors.add(VectorJson.read(line, reader.where()));
            }
        }
        return vectors;
    }
}
