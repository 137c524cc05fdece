package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonToken;
import io.lockstep.client.model.BeforeImage;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MigrationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Change sets from JSON: a step of a conformance vector, or a line of {@code watch}. {@code now}, {@code expect} and what
 * {@code watch} says besides are passed over; anything else that is not known is refused. Stateless.
 *
 * <p>Beyond the vectors, a change may carry {@code before}: of a write {@code {"hlc": …, "value": …}}, of a delete
 * {@code {"row": [values]}}; and a migration {@code fromObject}.
 */
public final class ChangeSetJson {
    private static final String SET_FIELDS = "site, wall, counter, changes, migrations";
    private static final String CHANGE_FIELDS = "op, opSeq, schema, table, pk, column, value, before";
    private static final Set<String> CELL_FIELDS = Set.of("schema", "table", "pk", "column", "value", "hlc");
    private static final String MIGRATION_FIELDS = "opSeq, kind, schema, object, fromObject, version, ddl";

    private ChangeSetJson() {}

    /**
     * Reads a line.
     *
     * @param line UTF-8, one JSON object
     * @param where names the line in errors, such as {@code line=7}
     * @return the change set; equal opSeqs and the like are for the node to refuse
     * @throws BadInputException if the line is not a change set, naming field, finding and remedy
     * @throws UnsendableException if it is one but no frame can carry it
     */
    public static ChangeSet read(final byte[] line, final String where) {
        final LineCursor in = new LineCursor(line, where);
        in.enterObject();
        final ChangeSet set = readEntered(in);
        in.end();
        return set;
    }

    /** Reads the change set whose object was entered. */
    static ChangeSet readEntered(final LineCursor in) {
        final Parts parts = new Parts();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            parts.read(in, field);
        }
        return parts.build(in);
    }

    private static Change readChange(final LineCursor in) {
        Long opSeq = null;
        ChangeOp op = null;
        String schema = null;
        String table = null;
        Key key = null;
        String column = null;
        Value value = null;
        BeforeImage before = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "opSeq" -> opSeq = in.integer(0, HlcJson.UNSIGNED_32_MAX);
                case "op" -> op = readOp(in);
                case "schema" -> schema = in.string("a string");
                case "table" -> table = in.string("a string");
                case "pk" -> key = ValueJson.readKey(in);
                case "column" -> column = in.string("a string");
                case "value" -> value = ValueJson.read(in);
                case "before" -> before = readBefore(in);
                case "survivors" -> in.skip();
                default -> throw in.unknownField(field, CHANGE_FIELDS);
            }
        }
        if (in.given(op, "op") == ChangeOp.WRITE) {
            in.given(column, "column (every write names one)");
            in.given(value, "value (every write has one)");
        } else if (column != null || value != null) {
            throw new BadInputException(in.here() + ": a delete has neither column nor value");
        }
        if (before != null && (before.hlc() != null) != (op == ChangeOp.WRITE)) {
            throw new BadInputException(
                    in.here() + ": before is {hlc, value} of a write and {row} of a delete, not the other way round");
        }
        return new Change(
                in.given(opSeq, "opSeq").intValue(),
                op,
                in.given(schema, "schema"),
                in.given(table, "table"),
                in.given(key, "pk"),
                column,
                value,
                before,
                List.of());
    }

    private static ChangeOp readOp(final LineCursor in) {
        final String right = "\"write\" or \"delete\"";
        return switch (in.string(right)) {
            case "write" -> ChangeOp.WRITE;
            case "delete" -> ChangeOp.DELETE;
            default -> throw in.wrong(right);
        };
    }

    private static BeforeImage readBefore(final LineCursor in) {
        in.enterObject();
        Hlc hlc = null;
        final List<Value> values = new ArrayList<>();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "hlc" -> hlc = HlcJson.read(in);
                case "value" -> values.add(ValueJson.read(in));
                case "row" -> readRow(in, values);
                default -> throw in.unknownField(field, "hlc and value (of a write), row (of a delete)");
            }
        }
        final Hlc clock = hlc;
        return in.carry(() -> new BeforeImage(clock, values));
    }

    private static void readRow(final LineCursor in, final List<Value> values) {
        in.enterArray();
        while (in.nextObject()) {
            values.add(ValueJson.readEntered(in));
        }
    }

    /** Reads the migration whose object was entered. */
    static Migration readMigration(final LineCursor in) {
        Long opSeq = null;
        MigrationKind kind = null;
        String schema = null;
        String object = null;
        String fromObject = "";
        Long version = null;
        String ddl = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "opSeq" -> opSeq = in.integer(0, HlcJson.UNSIGNED_32_MAX);
                case "kind" -> kind = readKind(in);
                case "schema" -> schema = in.string("a string");
                case "object" -> object = in.string("a string");
                case "fromObject" -> fromObject = in.string("a string");
                case "version" -> version = in.integer(0, HlcJson.UNSIGNED_32_MAX);
                case "ddl" -> ddl = in.string("a string");
                default -> throw in.unknownField(field, MIGRATION_FIELDS);
            }
        }
        return new Migration(
                in.given(opSeq, "opSeq").intValue(),
                in.given(kind, "kind"),
                in.given(version, "version").intValue(),
                in.given(schema, "schema"),
                in.given(object, "object"),
                fromObject,
                in.given(ddl, "ddl"));
    }

    static MigrationKind readKind(final LineCursor in) {
        final MigrationKind kind = Names.migrationKind(in.string("one of " + Names.migrationKinds()));
        if (kind == null) {
            throw in.wrong("one of " + Names.migrationKinds());
        }
        return kind;
    }

    /** What was read of a change set so far; its fields may stand in any order. */
    static final class Parts {
        private Site site;
        private Long wall;
        private Integer counter;
        private List<Change> changes;
        private final List<Migration> migrations = new ArrayList<>();

        void read(final LineCursor in, final String field) {
            switch (field) {
                case "site" -> site = HlcJson.readSite(in);
                case "wall" -> wall = HlcJson.readWall(in);
                case "counter" -> counter = HlcJson.readCounter(in);
                case "changes" -> readChanges(in);
                case "migrations" -> readMigrations(in);
                case "now", "expect", "sequence", "own" -> in.skip();
                default -> throw isCell(field) ? in.cellOfAState() : in.unknownField(field, SET_FIELDS);
            }
        }

        /** A change set has none of a cell's fields; where one comes first, the line is one that dump wrote. */
        private boolean isCell(final String field) {
            return CELL_FIELDS.contains(field) && site == null && changes == null;
        }

        private void readChanges(final LineCursor in) {
            changes = new ArrayList<>();
            in.enterArray();
            while (in.nextObject()) {
                changes.add(readChange(in));
            }
        }

        private void readMigrations(final LineCursor in) {
            in.enterArray();
            while (in.nextObject()) {
                migrations.add(readMigration(in));
            }
        }

        ChangeSet build(final LineCursor in) {
            in.require(JsonToken.END_OBJECT, "the end of the change set");
            in.given(site, "site");
            in.given(wall, "wall");
            in.given(counter, "counter");
            in.given(changes, "changes (an empty array if there are none)");
            return in.carry(this::build);
        }

        private ChangeSet build() {
            final ChangeSet.Builder builder =
                    ChangeSet.builder(site, wall, counter).keepEqualOpSeqs();
            for (final Migration each : migrations) {
                builder.migration(
                        Integer.toUnsignedLong(each.opSeq()),
                        each.kind(),
                        each.schema(),
                        each.object(),
                        each.fromObject(),
                        Integer.toUnsignedLong(each.version()),
                        each.ddl());
            }
            for (final Change each : changes) {
                final long opSeq = Integer.toUnsignedLong(each.opSeq());
                if (each.isDelete()) {
                    builder.delete(opSeq, each.schema(), each.table(), each.key(), each.before());
                } else {
                    builder.write(
                            opSeq, each.schema(), each.table(), each.key(), each.column(), each.value(), each.before());
                }
            }
            return builder.build();
        }
    }
}
