package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonToken;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.MigrationState;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import java.util.ArrayList;
import java.util.List;

/** Conformance vectors from JSON, one a line. Stateless. */
public final class VectorJson {
    private static final String FIELDS = "name, rowPolicy, keyForm, maxDriftMillis, steps, finalState, finalMigrations";

    private VectorJson() {}

    /**
     * Reads a line.
     *
     * @param line UTF-8, one JSON object
     * @param where names the line in errors
     * @return the vector
     * @throws BadInputException if the line is not a vector
     * @throws UnsendableException if a change set in it cannot be carried by a frame
     */
    public static Vector read(final byte[] line, final String where) {
        final LineCursor in = new LineCursor(line, where);
        in.enterObject();
        String name = null;
        RowPolicy rowPolicy = null;
        KeyForm keyForm = null;
        Long maxDriftMs = null;
        final List<Vector.Step> steps = new ArrayList<>();
        final List<Cell> cells = new ArrayList<>();
        final List<MigrationState> migrations = new ArrayList<>();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "name" -> name = in.string("a string");
                case "rowPolicy" -> rowPolicy = known(in, Names.rowPolicy(in.string("a row policy")));
                case "keyForm" -> keyForm = known(in, Names.keyForm(in.string("a key form")));
                case "maxDriftMillis" -> maxDriftMs = in.integer(0, Long.MAX_VALUE);
                case "steps" -> readEach(in, () -> steps.add(readStep(in)));
                case "finalState" -> readEach(in, () -> cells.add(StateJson.readCell(in)));
                case "finalMigrations" -> readEach(in, () -> migrations.add(StateJson.readMigration(in)));
                default -> throw in.unknownField(field, FIELDS);
            }
        }
        in.end();
        return new Vector(
                in.given(name, "name"),
                in.given(rowPolicy, "rowPolicy"),
                in.given(keyForm, "keyForm"),
                in.given(maxDriftMs, "maxDriftMillis"),
                steps,
                cells,
                migrations);
    }

    private static void readEach(final LineCursor in, final Runnable readEntered) {
        in.enterArray();
        while (in.nextObject()) {
            readEntered.run();
        }
    }

    private static <T> T known(final LineCursor in, final T found) {
        if (found == null) {
            throw in.wrong("last-writer-wins or delete-wins, and typed or quereus");
        }
        return found;
    }

    private static Vector.Step readStep(final LineCursor in) {
        Long nowMs = null;
        Long horizonMs = null;
        Vector.Expected expected = null;
        final ChangeSetJson.Parts parts = new ChangeSetJson.Parts();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "now" -> nowMs = in.integer(0, Long.MAX_VALUE);
                case "expect" -> expected = readExpected(in);
                case "prune" -> horizonMs = readPrune(in);
                default -> parts.read(in, field);
            }
        }
        in.given(nowMs, "now");
        in.given(expected, "expect");
        final ChangeSet set = horizonMs == null ? parts.build(in) : null;
        return new Vector.Step(nowMs, set, horizonMs == null ? 0 : horizonMs, expected);
    }

    private static long readPrune(final LineCursor in) {
        in.enterObject();
        Long horizonMs = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            if (!field.equals("horizonMillis")) {
                throw in.unknownField(field, "horizonMillis");
            }
            horizonMs = in.integer(0, Long.MAX_VALUE);
        }
        return in.given(horizonMs, "horizonMillis");
    }

    private static Vector.Expected readExpected(final LineCursor in) {
        in.enterObject();
        String status = "";
        long sequence = 0;
        long pruned = 0;
        final List<String> outcomes = new ArrayList<>();
        final List<String> migrationOutcomes = new ArrayList<>();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "status" -> status = in.string("a string");
                case "sequence" -> sequence = in.integerOrNull(1, Long.MAX_VALUE, 0);
                case "outcomes" -> readStrings(in, outcomes);
                case "migrationOutcomes" -> readStrings(in, migrationOutcomes);
                case "pruned" -> pruned = in.integer(0, Long.MAX_VALUE);
                default -> throw in.unknownField(field, "status, sequence, outcomes, migrationOutcomes, pruned");
            }
        }
        return new Vector.Expected(status, sequence, outcomes, migrationOutcomes, pruned);
    }

    private static void readStrings(final LineCursor in, final List<String> strings) {
        in.enterArray();
        while (in.next() != JsonToken.END_ARRAY) {
            in.require(JsonToken.VALUE_STRING, "a string");
            strings.add(in.text());
        }
    }
}
