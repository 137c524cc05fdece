package io.lockstep.engine.arbitration;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.message.ChangeSetWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * A change set for models and tests.
 *
 * @param site 32 hex digits
 * @param wall milliseconds
 * @param counter of the clock
 * @param migrations in ascending opSeq
 * @param changes in ascending opSeq
 */
public record ModelSet(String site, long wall, int counter, List<Migration> migrations, List<Change> changes) {
    private static final byte[] EMPTY = {};

    /**
     * A change; a delete has no column.
     *
     * @param opSeq place
     * @param schema name
     * @param table name
     * @param key parts
     * @param column null for a delete
     * @param value null for a delete
     */
    public record Change(
            long opSeq, String schema, String table, List<ModelValue> key, String column, ModelValue value) {
        /** Whether it is a delete. */
        public boolean isDelete() {
            return column == null;
        }
    }

    /**
     * A migration.
     *
     * @param opSeq place
     * @param kind kind
     * @param schema name
     * @param object table or index
     * @param fromObject for renames, otherwise empty
     * @param version of the object
     * @param ddl statement
     */
    public record Migration(
            long opSeq,
            MigrationKind kind,
            String schema,
            String object,
            String fromObject,
            long version,
            String ddl) {}

    /** First half of the site. */
    public long siteHigh() {
        return Long.parseUnsignedLong(site.substring(0, 16), 16);
    }

    /** Second half of the site. */
    public long siteLow() {
        return Long.parseUnsignedLong(site.substring(16), 16);
    }

    /** Writes it as SubmitChangeSet; tells how long it is. */
    public int encode(
            final MutableDirectBuffer buffer, final int offset, final long requestId, final boolean wantWinners) {
        final ChangeSetWriter writer = new ChangeSetWriter()
                .wrap(buffer, offset)
                .header(
                        requestId,
                        siteHigh(),
                        siteLow(),
                        wall,
                        counter,
                        wantWinners,
                        migrations.size(),
                        changes.size());
        for (final Migration migration : migrations) {
            writer.migration(
                    (int) migration.opSeq(),
                    migration.kind(),
                    (int) migration.version(),
                    utf8(migration.schema()),
                    utf8(migration.object()),
                    utf8(migration.fromObject()),
                    utf8(migration.ddl()));
        }
        for (final Change change : changes) {
            writer.beginChange((int) change.opSeq(), change.isDelete() ? ChangeOp.DELETE : ChangeOp.WRITE, false)
                    .schemaName(utf8(change.schema()))
                    .tableName(utf8(change.table()))
                    .key(ModelValue.encodedKey(change.key()))
                    .columnName(change.isDelete() ? EMPTY : utf8(change.column()))
                    .value(change.isDelete() ? EMPTY : change.value().encoded())
                    .before(EMPTY);
        }
        return writer.length();
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
