package io.lockstep.client.offline;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.MigrationState;
import io.lockstep.client.replica.Replica;
import io.lockstep.client.store.RecordSink;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.StatePageEncoder;
import io.lockstep.codec.value.HlcDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes a replica as pages of state, as a node would send them. */
final class StatePages {
    private static final int PAGE_CELLS = 512;
    private static final int PAGE_BYTES = 256 << 10;
    private static final byte[] NOTHING = {};

    private final RecordSink sink;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatePageEncoder encoder = new StatePageEncoder();
    private final UnsafeBuffer clock = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
    private final List<Cell> page = new ArrayList<>(PAGE_CELLS);
    private long pageBytes;

    StatePages(final RecordSink sink) {
        this.sink = sink;
    }

    void write(final Replica replica) {
        replica.forEachCell(cell -> {
            page.add(cell);
            pageBytes += cell.key().encodedLength() + (long) cell.value().encodedLength();
            if (page.size() == PAGE_CELLS || pageBytes >= PAGE_BYTES) {
                flush(List.of());
            }
        });
        flush(List.of());
        replica.migrations().forEach(migration -> flush(List.of(migration)));
    }

    private void flush(final Collection<MigrationState> migrations) {
        encoder.wrapAndApplyHeader(buffer, 0, header)
                .requestId(0)
                .sequence(0)
                .check(0)
                .nextRow(0)
                .flags()
                .clear();
        encoder.digest().high(0).low(0);
        final StatePageEncoder.CellsEncoder cells = encoder.cellsCount(page.size());
        for (final Cell cell : page) {
            final byte[] schema = utf8(cell.schema());
            final byte[] table = utf8(cell.table());
            final byte[] key = cell.key().toBytes();
            final byte[] column = utf8(cell.column());
            final byte[] value = cell.value().toBytes();
            cells.next()
                    .putHlc(bytes(cell.hlc()), 0, HlcDescriptor.LENGTH)
                    .putSchemaName(schema, 0, schema.length)
                    .putTableName(table, 0, table.length)
                    .putKey(key, 0, key.length)
                    .putColumnName(column, 0, column.length)
                    .putValue(value, 0, value.length);
        }
        page.clear();
        pageBytes = 0;
        append(encoder.migrationsCount(migrations.size()), migrations);
        encoder.putWithin(NOTHING, 0, 0);
        sink.append(Kinds.STATE, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    private void append(final StatePageEncoder.MigrationsEncoder group, final Collection<MigrationState> migrations) {
        for (final MigrationState state : migrations) {
            final Migration migration = state.migration();
            group.next()
                    .putHlc(bytes(state.hlc()), 0, HlcDescriptor.LENGTH)
                    .kind(migration.kind())
                    .version(Integer.toUnsignedLong(migration.version()))
                    .schemaName(migration.schema())
                    .objectName(migration.object())
                    .fromObjectName(migration.fromObject())
                    .ddl(migration.ddl());
        }
    }

    private byte[] bytes(final Hlc hlc) {
        hlc.encode(clock, 0);
        return clock.byteArray();
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
