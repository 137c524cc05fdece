package io.lockstep.client.replica;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Site;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.codec.hash.StateDigest;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Sums the digest of cells. */
final class CellDigest {
    private final StateDigest digest;
    private final Digest128 sum = new Digest128();
    private final UnsafeBuffer schema = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer table = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer column = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer value = new UnsafeBuffer(0, 0);

    CellDigest(final Site incarnation) {
        digest = new StateDigest(incarnation.high(), incarnation.low());
    }

    void add(final Cell cell) {
        schema.wrap(cell.schema().getBytes(StandardCharsets.UTF_8));
        table.wrap(cell.table().getBytes(StandardCharsets.UTF_8));
        key.wrap(cell.key().toBytes());
        column.wrap(cell.column().getBytes(StandardCharsets.UTF_8));
        value.wrap(cell.value().toBytes());
        final long rowHash =
                digest.rowHash(schema, 0, schema.capacity(), table, 0, table.capacity(), key, 0, key.capacity());
        final Hlc hlc = cell.hlc();
        digest.cell(
                rowHash,
                digest.columnHash(column, 0, column.capacity()),
                StateDigest.wallCounter(hlc.wall(), hlc.counter()),
                hlc.site().high(),
                hlc.site().low(),
                hlc.opSeq(),
                value,
                0,
                value.capacity());
        sum.add(digest.high(), digest.low());
    }

    Digest128 sum() {
        return sum;
    }
}
