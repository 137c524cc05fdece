package io.lockstep.client.model;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import org.agrona.DirectBuffer;

/** The bytes of a SubmitChangeSet to a {@link ChangeSet}. */
final class ChangeSetDecoding {
    private ChangeSetDecoding() {}

    static ChangeSet decode(final DirectBuffer buffer, final int offset) {
        final SubmitChangeSetDecoder decoder =
                new SubmitChangeSetDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        final Site site = new Site(decoder.site().high(), decoder.site().low());
        final ChangeSet.Builder builder = ChangeSet.builder(site, decoder.wall(), decoder.counter());
        builder.keepEqualOpSeqs();
        for (final SubmitChangeSetDecoder.MigrationsDecoder migration : decoder.migrations()) {
            append(builder, migration);
        }
        for (final SubmitChangeSetDecoder.ChangesDecoder change : decoder.changes()) {
            append(builder, change);
        }
        return builder.build();
    }

    /** Reads the fields in the order of the schema: a decoder only walks forwards. */
    private static void append(
            final ChangeSet.Builder builder, final SubmitChangeSetDecoder.MigrationsDecoder migration) {
        final long opSeq = migration.opSeq();
        final MigrationKind kind = migration.kind();
        final long version = migration.version();
        final String schema = migration.schemaName();
        final String object = migration.objectName();
        final String fromObject = migration.fromObjectName();
        builder.migration(opSeq, kind, schema, object, fromObject, version, migration.ddl());
    }

    private static void append(final ChangeSet.Builder builder, final SubmitChangeSetDecoder.ChangesDecoder change) {
        final long opSeq = change.opSeq();
        final ChangeOp op = change.op();
        final boolean withBefore = change.flags().before();
        final String schema = change.schemaName();
        final String table = change.tableName();
        final byte[] key = new byte[change.keyLength()];
        change.getKey(key, 0, key.length);
        final String column = change.columnName();
        final byte[] value = new byte[change.valueLength()];
        change.getValue(value, 0, value.length);
        final byte[] bytes = new byte[change.beforeLength()];
        change.getBefore(bytes, 0, bytes.length);
        final boolean write = op == ChangeOp.WRITE;
        final BeforeImage before = withBefore ? BeforeImage.decode(write, bytes) : null;
        if (write) {
            builder.write(opSeq, schema, table, Key.decode(key), column, Value.decode(value), before);
        } else {
            builder.delete(opSeq, schema, table, Key.decode(key), before);
        }
    }
}
