package io.lockstep.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChangeSetWriterTest {
    private static final byte[] KEY = {0};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final SubmitChangeSetDecoder decoder = new SubmitChangeSetDecoder();

    @Test
    void shouldWriteTheFixedPart() {
        writer.wrap(buffer, 10).header(7, 1L << 63, 2, 3, 65_535, true, 0, 0);
        decode();
        assertEquals(7, decoder.requestId());
        assertEquals(1L << 63, decoder.site().high());
        assertEquals(2, decoder.site().low());
        assertEquals(3, decoder.wall());
        assertEquals(65_535, decoder.counter());
        assertTrue(decoder.flags().wantWinners());
        assertEquals(10, writer.offset());
    }

    @Test
    void shouldWriteMigrationsAndThenChanges() {
        writer.wrap(buffer, 10).header(7, 1, 2, 3, 4, false, 2, 1);
        writer.migration(-1, MigrationKind.ADD_COLUMN, 5, bytes("s"), bytes("o"), bytes(""), bytes("ddl"))
                .migration(1, MigrationKind.RENAME_TABLE, 6, bytes("s"), bytes("o"), bytes("from"), bytes(""))
                .write(2, bytes("s"), bytes("t"), KEY, bytes("c"), KEY);
        decode();
        final SubmitChangeSetDecoder.MigrationsDecoder migrations = decoder.migrations();
        assertEquals(2, migrations.count());
        assertEquals(0xFFFF_FFFFL, migrations.next().opSeq());
        assertEquals("s", migrations.schemaName());
        assertEquals("o", migrations.objectName());
        assertEquals("", migrations.fromObjectName());
        assertEquals("ddl", migrations.ddl());
        assertEquals(MigrationKind.RENAME_TABLE, migrations.next().kind());
        migrations.sbeSkip();
        final SubmitChangeSetDecoder.ChangesDecoder changes = decoder.changes().next();
        assertEquals(ChangeOp.WRITE, changes.op());
        assertEquals("s", changes.schemaName());
        assertEquals("t", changes.tableName());
        assertEquals(1, changes.skipKey());
        assertEquals("c", changes.columnName());
    }

    @Test
    void shouldWriteTheSameFromArraysAndFromBuffers() {
        final UnsafeBuffer source = new UnsafeBuffer(bytes("_schema-table-\u0000-column-\u0000-"));
        writer.wrap(buffer, 10).header(7, 1, 2, 3, 4, false, 0, 1);
        writer.write(9, bytes("schema"), bytes("table"), KEY, bytes("column"), KEY);
        final String fromArrays = hex();
        writer.wrap(buffer, 10).header(7, 1, 2, 3, 4, false, 0, 1);
        writer.beginChange(9, ChangeOp.WRITE, false)
                .schemaName(source, 1, 6)
                .tableName(source, 8, 5)
                .key(source, 14, 1)
                .columnName(source, 16, 6)
                .value(source, 23, 1)
                .before(source, 0, 0);
        assertEquals(fromArrays, hex());
    }

    @Test
    void shouldMarkABeforeImageThatIsEmpty() {
        writer.wrap(buffer, 10).header(7, 1, 2, 3, 4, false, 0, 2);
        writer.beginChange(1, ChangeOp.DELETE, true)
                .schemaName(bytes("s"))
                .tableName(bytes("t"))
                .key(KEY)
                .columnName(bytes(""))
                .value(bytes(""))
                .before(bytes(""))
                .delete(2, bytes("s"), bytes("t"), KEY);
        decode();
        decoder.migrations();
        final SubmitChangeSetDecoder.ChangesDecoder changes = decoder.changes().next();
        assertTrue(changes.flags().before());
        changes.sbeSkip();
        assertFalse(changes.next().flags().before());
    }

    /** The header of the message says where it ends. */
    private void decode() {
        decoder.wrapAndApplyHeader(buffer, 10, new MessageHeaderDecoder());
        decoder.sbeSkip();
        assertEquals(10 + writer.length(), decoder.limit());
        decoder.sbeRewind();
        assertTrue(new FrameValidator(FrameLimits.DEFAULT).validateClientMessage(buffer, 10, writer.length()));
    }

    private String hex() {
        return HexFormat.of().formatHex(buffer.byteArray(), 10, 10 + writer.length());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
