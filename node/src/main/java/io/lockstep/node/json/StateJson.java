package io.lockstep.node.json;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.MigrationState;
import io.lockstep.client.model.Value;
import io.lockstep.codec.MigrationKind;

/** Live cells and kept migrations from JSON. Stateless. */
public final class StateJson {
    private StateJson() {}

    /**
     * Reads a cell, as {@code dump} writes it.
     *
     * @param line UTF-8, one JSON object
     * @param where names the line in errors
     * @return the cell
     * @throws BadInputException if the line is not a cell
     */
    public static Cell readCell(final byte[] line, final String where) {
        final LineCursor in = new LineCursor(line, where);
        in.enterObject();
        final Cell cell = readCell(in);
        in.end();
        return cell;
    }

    /** Reads the cell whose object was entered. */
    static Cell readCell(final LineCursor in) {
        String schema = null;
        String table = null;
        Key key = null;
        String column = null;
        Value value = null;
        Hlc hlc = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "schema" -> schema = in.string("a string");
                case "table" -> table = in.string("a string");
                case "pk" -> key = ValueJson.readKey(in);
                case "column" -> column = in.string("a string");
                case "value" -> value = ValueJson.read(in);
                case "hlc" -> hlc = HlcJson.read(in);
                default -> throw in.unknownField(field, "schema, table, pk, column, value, hlc");
            }
        }
        return new Cell(
                in.given(schema, "schema"),
                in.given(table, "table"),
                in.given(key, "pk"),
                in.given(column, "column"),
                in.given(hlc, "hlc"),
                in.given(value, "value"));
    }

    /** Reads the migration whose object was entered. */
    static MigrationState readMigration(final LineCursor in) {
        MigrationKind kind = null;
        String schema = null;
        String object = null;
        String fromObject = "";
        Long version = null;
        String ddl = null;
        Hlc hlc = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "kind" -> kind = ChangeSetJson.readKind(in);
                case "schema" -> schema = in.string("a string");
                case "object" -> object = in.string("a string");
                case "fromObject" -> fromObject = in.string("a string");
                case "version" -> version = in.integer(0, HlcJson.UNSIGNED_32_MAX);
                case "ddl" -> ddl = in.string("a string");
                case "hlc" -> hlc = HlcJson.read(in);
                default -> throw in.unknownField(field, "kind, schema, object, fromObject, version, ddl, hlc");
            }
        }
        return new MigrationState(
                in.given(hlc, "hlc"),
                new Migration(
                        hlc.opSeq(),
                        in.given(kind, "kind"),
                        in.given(version, "version").intValue(),
                        in.given(schema, "schema"),
                        in.given(object, "object"),
                        fromObject,
                        in.given(ddl, "ddl")));
    }
}
