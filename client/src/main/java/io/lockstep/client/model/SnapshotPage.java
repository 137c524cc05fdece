package io.lockstep.client.model;

import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.ValuePart;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of a database's state out of a snapshot, decoded. With the deliveries after {@link #sequence} up to
 * {@link #exactSequence} applied over what all pages brought, the state is exact. Immutable.
 *
 * @param sequence to subscribe after
 * @param check of that sequence, 0 where the node does not know it
 * @param last whether the snapshot is complete with it
 * @param exactSequence on the last page; -1 before
 * @param digestHigh on the last page: high half of the digest of all live cells at exactSequence
 * @param digestLow its low half
 * @param bytesRead of the snapshot, up to this page
 * @param bytesTotal of the snapshot, what it holds of the database
 * @param cells live cells, row by row
 * @param parts of values that are too large for a page, in order; for {@link CellParts}
 * @param migrations kept migrations; after all cells
 * @param checkpoint opaque: a later request goes on after this page with it; empty on the last
 */
public record SnapshotPage(
        long sequence,
        long check,
        boolean last,
        long exactSequence,
        long digestHigh,
        long digestLow,
        long bytesRead,
        long bytesTotal,
        List<Cell> cells,
        List<CellPart> parts,
        List<MigrationState> migrations,
        Checkpoint checkpoint) {
    /** Copies the lists. */
    public SnapshotPage {
        cells = List.copyOf(cells);
        parts = List.copyOf(parts);
        migrations = List.copyOf(migrations);
    }

    /**
     * Decodes a message.
     *
     * @param decoder wrapped around a validated message; its groups are walked
     * @return the page
     * @throws IllegalArgumentException if a value is not in canonical form
     */
    public static SnapshotPage decode(final SnapshotPageDecoder decoder) {
        decoder.sbeRewind();
        final boolean last = decoder.flags().last();
        final long digestHigh = decoder.digest().high();
        final long digestLow = decoder.digest().low();
        final UnsafeBuffer clock = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        final List<Cell> cells = new ArrayList<>();
        final List<CellPart> parts = new ArrayList<>();
        for (final SnapshotPageDecoder.CellsDecoder cell : decoder.cells()) {
            cell.getHlc(clock, 0, HlcDescriptor.LENGTH);
            cell(cell, Hlc.decode(clock, 0), cells, parts);
        }
        final List<MigrationState> migrations = new ArrayList<>();
        for (final SnapshotPageDecoder.MigrationsDecoder migration : decoder.migrations()) {
            migration.getHlc(clock, 0, HlcDescriptor.LENGTH);
            migrations.add(migration(migration, Hlc.decode(clock, 0)));
        }
        final byte[] checkpoint = new byte[decoder.checkpointLength()];
        decoder.getCheckpoint(checkpoint, 0, checkpoint.length);
        return new SnapshotPage(
                decoder.sequence(),
                decoder.check(),
                last,
                decoder.exactSequence(),
                digestHigh,
                digestLow,
                decoder.bytesRead(),
                decoder.bytesTotal(),
                cells,
                parts,
                migrations,
                Checkpoint.of(checkpoint));
    }

    private static void cell(
            final SnapshotPageDecoder.CellsDecoder decoder,
            final Hlc hlc,
            final List<Cell> cells,
            final List<CellPart> parts) {
        final String schema = decoder.schemaName();
        final String table = decoder.tableName();
        final byte[] key = new byte[decoder.keyLength()];
        decoder.getKey(key, 0, key.length);
        final String column = decoder.columnName();
        final byte[] value = new byte[decoder.valueLength()];
        decoder.getValue(value, 0, value.length);
        if (ValuePart.isPart(new UnsafeBuffer(value), 0, value.length)) {
            parts.add(CellPart.decode(new Cell(schema, table, Key.decode(key), column, hlc, Value.NULL), value));
        } else {
            cells.add(new Cell(schema, table, Key.decode(key), column, hlc, Value.decode(value)));
        }
    }

    private static MigrationState migration(final SnapshotPageDecoder.MigrationsDecoder decoder, final Hlc hlc) {
        final MigrationKind kind = decoder.kind();
        final int version = (int) decoder.version();
        final String schema = decoder.schemaName();
        final String object = decoder.objectName();
        final String fromObject = decoder.fromObjectName();
        return new MigrationState(
                hlc, new Migration(hlc.opSeq(), kind, version, schema, object, fromObject, decoder.ddl()));
    }
}
