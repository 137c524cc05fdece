package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.Digest128;
import io.lockstep.codec.hash.StateDigest;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The two digests of a database, kept up to date by adding what comes and subtracting what goes.
 *
 * <p>The first covers the live cells as {@link StateDigest} defines. The second covers what else arbitration knows, with
 * the same hash over the same words, and these in the place of row hash, column hash and value:
 *
 * <pre>
 *   tombstone    rowHash64 of its row                      TOMBSTONE       nothing
 *   migration    SipHash-1-3-64( word isIndex &lt;&lt; 32 |    MIGRATION       former name and statement,
 *                version; schema and object with lengths )   + kind        each after its length
 *   prune mark   0                                         PRUNE_MARK      nothing
 * </pre>
 */
final class StateDigests {
    private static final long TOMBSTONE = 1;
    private static final long PRUNE_MARK = 2;
    private static final long MIGRATION = 256;
    private static final long MIX_1 = 0xBF58_476D_1CE4_E5B9L;
    private static final long MIX_2 = 0x94D0_49BB_1331_11EBL;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final StateDigest hash;
    private final SiteTable sites;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final Digest128 live = new Digest128();
    private final Digest128 second = new Digest128();

    StateDigests(final StateDigest hash, final SiteTable sites) {
        this.hash = hash;
        this.sites = sites;
    }

    Digest128 live() {
        return live;
    }

    Digest128 second() {
        return second;
    }

    /** Both digests in 64 bits. */
    long fold() {
        long bits = mix(live.high() + GOLDEN);
        bits = mix(bits ^ live.low());
        bits = mix(bits + second.high());
        return mix(bits ^ second.low());
    }

    void addCell(
            final long rowHash,
            final long columnHash,
            final Clock clock,
            final int opSeq,
            final DirectBuffer value,
            final int valueOffset,
            final int valueLength) {
        hash.cell(
                rowHash,
                columnHash,
                clock.wallCounter(),
                clock.siteHigh(),
                clock.siteLow(),
                opSeq,
                value,
                valueOffset,
                valueLength);
        live.add(hash.high(), hash.low());
    }

    /** Of a cell with a long value, which has its hash beside it. */
    void addLongCell(final long cell) {
        live.add(CellDescriptor.hashHigh(cell), CellDescriptor.hashLow(cell));
    }

    void subtractCell(final long rowHash, final long columnHash, final long cell) {
        if (CellDescriptor.isLong(CellDescriptor.valueLength(cell))) {
            live.subtract(CellDescriptor.hashHigh(cell), CellDescriptor.hashLow(cell));
            return;
        }
        stamped(rowHash, columnHash, cell, CellDescriptor.value(cell), CellDescriptor.valueLength(cell));
        live.subtract(hash.high(), hash.low());
    }

    void addTombstone(final long rowHash, final long stamp) {
        stamped(rowHash, TOMBSTONE, stamp, stamp, 0);
        second.add(hash.high(), hash.low());
    }

    void subtractTombstone(final long rowHash, final long stamp) {
        stamped(rowHash, TOMBSTONE, stamp, stamp, 0);
        second.subtract(hash.high(), hash.low());
    }

    void addMigration(final long identity, final int kind, final long stamp, final long rest, final int restLength) {
        stamped(identity, MIGRATION + kind, stamp, rest, restLength);
        second.add(hash.high(), hash.low());
    }

    void subtractMigration(
            final long identity, final int kind, final long stamp, final long rest, final int restLength) {
        stamped(identity, MIGRATION + kind, stamp, rest, restLength);
        second.subtract(hash.high(), hash.low());
    }

    void addPruneMark(final PruneMark mark) {
        pruneMark(mark);
        second.add(hash.high(), hash.low());
    }

    void subtractPruneMark(final PruneMark mark) {
        pruneMark(mark);
        second.subtract(hash.high(), hash.low());
    }

    private void pruneMark(final PruneMark mark) {
        hash.cell(0, PRUNE_MARK, mark.wallCounter(), mark.siteHigh(), mark.siteLow(), mark.opSeq(), view, 0, 0);
    }

    private void stamped(
            final long identity, final long tag, final long stamp, final long value, final int valueLength) {
        view.wrap(value, valueLength);
        final int site = StampDescriptor.siteIndex(stamp);
        hash.cell(
                identity,
                tag,
                StampDescriptor.wallCounter(stamp),
                sites.high(site),
                sites.low(site),
                StampDescriptor.opSeq(stamp),
                view,
                0,
                valueLength);
    }

    private static long mix(final long value) {
        long bits = (value ^ (value >>> 30)) * MIX_1;
        bits = (bits ^ (bits >>> 27)) * MIX_2;
        return bits ^ (bits >>> 31);
    }
}
