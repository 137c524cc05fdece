package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.command.IngressCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The conformance vectors, given to the arbiter directly and to the reference. */
class ArbitrationVectorsTest {
    @Test
    void shouldDecideEveryVectorAsItExpects() throws IOException {
        final Path file = VectorReader.find();
        Assumptions.assumeTrue(
                file != null, "no conformance vectors: neither ../shared nor LOCKSTEP_SHARED has vectors/");
        final List<Executable> scenarios = new ArrayList<>();
        VectorReader.read(file, scenario -> scenarios.add(() -> run(scenario)));
        assertTrue(scenarios.size() >= 300, "scenarios=" + scenarios.size());
        assertAll(scenarios);
    }

    private static void run(final Map<String, Object> scenario) {
        final String name = scenario.get("name").toString();
        final boolean deleteWins = scenario.get("rowPolicy").equals("delete-wins");
        final boolean quereus = scenario.get("keyForm").equals("quereus");
        final long maxDriftMs = VectorReader.number(scenario, "maxDriftMillis");
        final ReferenceArbiter reference = new ReferenceArbiter(deleteWins, quereus, maxDriftMs);
        try (ArbiterDriver driver = ArbiterDriver.withSeed(name.hashCode())) {
            final int database = driver.open(
                    "vectors",
                    deleteWins ? RowPolicy.DELETE_WINS : RowPolicy.LAST_WRITER_WINS,
                    quereus ? KeyForm.QUEREUS : KeyForm.TYPED,
                    maxDriftMs,
                    true,
                    IngressCommand.FLAG_MAY_CREATE);
            int step = 0;
            for (final Map<String, Object> given : VectorReader.list(scenario, "steps")) {
                check(name + " step " + step++, driver, database, reference, given);
            }
            final ArbiterDriver.Scan scan = driver.scan(database, 4_096);
            assertEquals(cells(scenario), scan.cells(), name);
            assertEquals(migrations(scenario), scan.migrations(), name);
            assertEquals(scan.cells(), reference.cells(), name);
        }
    }

    private static void check(
            final String where,
            final ArbiterDriver driver,
            final int database,
            final ReferenceArbiter reference,
            final Map<String, Object> step) {
        final long nowMs = VectorReader.number(step, "now");
        final Map<String, Object> expect = VectorReader.child(step, "expect");
        if (step.containsKey("prune")) {
            final long horizonMs = VectorReader.number(VectorReader.child(step, "prune"), "horizonMillis");
            assertEquals(VectorReader.number(expect, "pruned"), driver.prune(database, nowMs, horizonMs), where);
            assertEquals(VectorReader.number(expect, "pruned"), reference.prune(nowMs, horizonMs), where);
            return;
        }
        final ModelSet set = VectorReader.set(step);
        final ArbiterDriver.Submitted submitted = driver.submit(database, set, nowMs);
        final ReferenceArbiter.Result modelled = reference.submit(set, nowMs, true);
        assertEquals(expect.get("status"), text(submitted.status().name()), where);
        assertEquals(expect.get("status"), modelled.status(), where);
        final long sequence = expect.get("sequence") == null ? 0 : VectorReader.number(expect, "sequence");
        assertEquals(sequence, submitted.sequence(), where);
        assertEquals(sequence, modelled.sequence(), where);
        assertEquals(VectorReader.strings(expect, "outcomes"), verdicts(submitted.outcomes()), where);
        assertEquals(VectorReader.strings(expect, "migrationOutcomes"), verdicts(submitted.migrationOutcomes()), where);
        assertEquals(
                VectorReader.strings(expect, "outcomes"),
                modelled.changes().stream().map(verdict -> text(verdict.name())).toList(),
                where);
    }

    private static List<String> verdicts(final List<Integer> outcomes) {
        return outcomes.stream()
                .map(outcome -> text(ReferenceArbiter.Verdict.values()[outcome].name()))
                .toList();
    }

    private static String text(final String enumName) {
        return enumName.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static TreeMap<String, String> cells(final Map<String, Object> scenario) {
        final TreeMap<String, String> result = new TreeMap<>();
        for (final Map<String, Object> cell : VectorReader.list(scenario, "finalState")) {
            result.put(
                    ArbiterDriver.cellName(
                            cell.get("schema").toString(),
                            cell.get("table").toString(),
                            ModelValue.encodedKey(VectorReader.key(cell)),
                            cell.get("column").toString()),
                    HexFormat.of()
                                    .formatHex(VectorReader.value(VectorReader.child(cell, "value"))
                                            .encoded()) + " " + hlc(VectorReader.child(cell, "hlc")));
        }
        return result;
    }

    private static TreeMap<String, String> migrations(final Map<String, Object> scenario) {
        final TreeMap<String, String> result = new TreeMap<>();
        for (final Map<String, Object> migration : VectorReader.list(scenario, "finalMigrations")) {
            final String kind = migration.get("kind").toString().toUpperCase(Locale.ROOT);
            result.put(
                    migration.get("schema") + "|" + migration.get("object") + "|" + migration.get("version") + "|"
                            + kind.endsWith("_INDEX"),
                    kind + "  " + migration.get("ddl") + " " + hlc(VectorReader.child(migration, "hlc")));
        }
        return result;
    }

    private static String hlc(final Map<String, Object> hlc) {
        return ArbiterDriver.hlc(
                VectorReader.number(hlc, "wall"),
                (int) VectorReader.number(hlc, "counter"),
                hlc.get("site").toString(),
                VectorReader.number(hlc, "opSeq"));
    }
}
