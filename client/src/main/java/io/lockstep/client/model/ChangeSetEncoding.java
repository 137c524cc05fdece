package io.lockstep.client.model;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.message.ChangeSetWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;

/** A {@link ChangeSet} to the bytes of a SubmitChangeSet. */
final class ChangeSetEncoding {
    private static final byte[] EMPTY = new byte[0];
    private static final int INITIAL_LENGTH = 512;

    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final Map<String, byte[]> names = new HashMap<>();

    private ChangeSetEncoding() {}

    static byte[] encode(final ChangeSet set) {
        return new ChangeSetEncoding().bytesOf(set);
    }

    private byte[] bytesOf(final ChangeSet set) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_LENGTH);
        writer.wrap(buffer, 0)
                .header(
                        0,
                        set.site().high(),
                        set.site().low(),
                        set.wall(),
                        set.counter(),
                        false,
                        set.migrations().size(),
                        set.changes().size());
        set.migrations().forEach(this::append);
        set.changes().forEach(this::append);
        return Arrays.copyOf(buffer.byteArray(), writer.length());
    }

    private void append(final Migration migration) {
        final byte[] ddl = Utf8.encode("ddl", migration.ddl());
        final int ddlBytesMax = FrameLimits.DEFAULT.ddlBytesMax();
        if (ddl.length > ddlBytesMax) {
            throw new IllegalArgumentException("ddl too long: ddlBytesMax=" + ddlBytesMax + ", bytes=" + ddl.length);
        }
        writer.migration(
                migration.opSeq(),
                migration.kind(),
                migration.version(),
                name("schemaName", migration.schema()),
                name("objectName", migration.object()),
                migration.fromObject().isEmpty() ? EMPTY : name("fromObjectName", migration.fromObject()),
                ddl);
    }

    private void append(final Change change) {
        writer.beginChange(change.opSeq(), change.op(), change.before() != null)
                .schemaName(name("schemaName", change.schema()))
                .tableName(name("tableName", change.table()))
                .key(change.key().bytes())
                .columnName(change.isDelete() ? EMPTY : name("columnName", change.column()))
                .value(change.isDelete() ? EMPTY : change.value().bytes())
                .before(change.before() == null ? EMPTY : change.before().toBytes());
    }

    private byte[] name(final String field, final String name) {
        final byte[] known = names.get(name);
        if (known != null) {
            return known;
        }
        final byte[] bytes = Utf8.encodeName(field, name, FrameLimits.DEFAULT.nameBytesMax());
        names.put(name, bytes);
        return bytes;
    }
}
