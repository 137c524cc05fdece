package io.lockstep.engine.arbitration;

import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.codec.value.HlcDescriptor;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Computes the digest of live cells anew, from what a scan of the state tells. */
public final class LiveDigest {
    private LiveDigest() {}

    /** The digest of a database, as hex. */
    public static String of(final ArbiterDriver driver, final int database, final long incHigh, final long incLow) {
        final StateDigest digest = new StateDigest(incHigh, incLow);
        final Digest128 sum = new Digest128();
        long row = 0;
        boolean last = false;
        while (!last) {
            final StatePageDecoder page = driver.page(database, row, 100_000);
            row = page.nextRow();
            last = page.flags().last();
            for (final StatePageDecoder.CellsDecoder cell : page.cells()) {
                add(digest, cell);
                sum.add(digest.high(), digest.low());
            }
        }
        return sum.toString();
    }

    private static void add(final StateDigest digest, final StatePageDecoder.CellsDecoder cell) {
        final UnsafeBuffer hlc = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        cell.getHlc(hlc, 0, HlcDescriptor.LENGTH);
        final UnsafeBuffer schema = utf8(cell.schemaName());
        final UnsafeBuffer table = utf8(cell.tableName());
        final UnsafeBuffer key = new UnsafeBuffer(new byte[cell.keyLength()]);
        cell.getKey(key, 0, key.capacity());
        final UnsafeBuffer column = utf8(cell.columnName());
        final UnsafeBuffer value = new UnsafeBuffer(new byte[cell.valueLength()]);
        cell.getValue(value, 0, value.capacity());
        digest.cell(
                digest.rowHash(schema, 0, schema.capacity(), table, 0, table.capacity(), key, 0, key.capacity()),
                digest.columnHash(column, 0, column.capacity()),
                StateDigest.wallCounter(HlcDescriptor.wall(hlc, 0), HlcDescriptor.counter(hlc, 0)),
                HlcDescriptor.siteHigh(hlc, 0),
                HlcDescriptor.siteLow(hlc, 0),
                HlcDescriptor.opSeq(hlc, 0),
                value,
                0,
                value.capacity());
    }

    private static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
