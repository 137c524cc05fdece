package io.lockstep.client.model;

import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.ValuePart;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whole rows of the live state as of one sequence, decoded. Immutable.
 *
 * @param sequence what the page shows
 * @param nextRow where the next page starts
 * @param within how far into a value there this page came; opaque, for the next request beside the row
 * @param last whether the scan is complete
 * @param digestHigh high half of the digest of all live cells at the sequence
 * @param digestLow its low half
 * @param cells live cells, row by row
 * @param parts of values that are too large for a page, in order; for {@link CellParts}
 * @param migrations kept migrations; all on the last page
 */
public record StatePage(
        long sequence,
        long nextRow,
        Checkpoint within,
        boolean last,
        long digestHigh,
        long digestLow,
        List<Cell> cells,
        List<CellPart> parts,
        List<MigrationState> migrations) {
    /** Copies the lists. */
    public StatePage {
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
    public static StatePage decode(final StatePageDecoder decoder) {
        decoder.sbeRewind();
        final boolean last = decoder.flags().last();
        final long digestHigh = decoder.digest().high();
        final long digestLow = decoder.digest().low();
        final UnsafeBuffer clock = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        final List<Cell> cells = new ArrayList<>();
        final List<CellPart> parts = new ArrayList<>();
        for (final StatePageDecoder.CellsDecoder cell : decoder.cells()) {
            cell.getHlc(clock, 0, HlcDescriptor.LENGTH);
            cell(cell, Hlc.decode(clock, 0), cells, parts);
        }
        final List<MigrationState> migrations = new ArrayList<>();
        for (final StatePageDecoder.MigrationsDecoder migration : decoder.migrations()) {
            migration.getHlc(clock, 0, HlcDescriptor.LENGTH);
            migrations.add(migration(migration, Hlc.decode(clock, 0)));
        }
        final byte[] within = new byte[decoder.withinLength()];
        decoder.getWithin(within, 0, within.length);
        return new StatePage(
                decoder.sequence(),
                decoder.nextRow(),
                Checkpoint.of(within),
                last,
                digestHigh,
                digestLow,
                cells,
                parts,
                migrations);
    }

    private static void cell(
            final StatePageDecoder.CellsDecoder decoder,
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

    private static MigrationState migration(final StatePageDecoder.MigrationsDecoder decoder, final Hlc hlc) {
        final MigrationKind kind = decoder.kind();
        final int version = (int) decoder.version();
        final String schema = decoder.schemaName();
        final String object = decoder.objectName();
        final String fromObject = decoder.fromObjectName();
        return new MigrationState(
                hlc, new Migration(hlc.opSeq(), kind, version, schema, object, fromObject, decoder.ddl()));
    }
}
