package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SnapshotDatabaseEncoder;
import io.lockstep.codec.SnapshotDatabaseEndEncoder;
import io.lockstep.codec.SnapshotEndEncoder;
import io.lockstep.codec.SnapshotHeaderEncoder;
import io.lockstep.codec.SnapshotMigrationEncoder;
import io.lockstep.codec.SnapshotNameEncoder;
import io.lockstep.codec.SnapshotNameKind;
import io.lockstep.codec.SnapshotRowEncoder;
import io.lockstep.codec.SnapshotRowEncoder.CellsEncoder;
import io.lockstep.codec.SnapshotValueEncoder;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes the entries of a snapshot into blocks that have room for them. */
final class SnapshotEntries {
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CELL_FIXED_BYTES = CellsEncoder.sbeBlockLength() + CellsEncoder.valueHeaderLength();
    private static final int PART_BYTES = 64 << 10;

    private final Arena arena;
    private final DigestKey digestKey;
    private final int cellsPerPartMax;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SnapshotHeaderEncoder start = new SnapshotHeaderEncoder();
    private final SnapshotDatabaseEncoder databaseStart = new SnapshotDatabaseEncoder();
    private final SnapshotNameEncoder name = new SnapshotNameEncoder();
    private final SnapshotRowEncoder row = new SnapshotRowEncoder();
    private final SnapshotValueEncoder value = new SnapshotValueEncoder();
    private final SnapshotMigrationEncoder migration = new SnapshotMigrationEncoder();
    private final SnapshotDatabaseEndEncoder databaseEnd = new SnapshotDatabaseEndEncoder();
    private final SnapshotEndEncoder end = new SnapshotEndEncoder();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);

    SnapshotEntries(final Arena arena, final DigestKey digestKey, final int cellsPerPartMax) {
        this.arena = arena;
        this.digestKey = digestKey;
        this.cellsPerPartMax = cellsPerPartMax;
    }

    /** The most that an entry takes: a row with one cell as large as what brings it may be. */
    static int entryBytesMax(final int frameBytesMax) {
        return frameBytesMax + PART_BYTES + SnapshotFormat.LENGTH_BYTES + HEADER_BYTES + 1_024;
    }

    void start(final SnapshotBlock block, final SnapshotMark mark) {
        start.wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .formatVersion(SnapshotFormat.VERSION)
                .rulesVersion(Arbiter.RULES_VERSION)
                .digestVersion(StateDigest.VERSION)
                .position(mark.position())
                .hash(mark.hash())
                .epoch(mark.epoch())
                .stampedTimeMs(mark.stampedTimeMs())
                .unsealedFrom(mark.unsealedFrom());
        start.incarnation().high(digestKey.high()).low(digestKey.low());
        SnapshotBlocks.added(block, 0, HEADER_BYTES + start.encodedLength());
    }

    void database(final SnapshotBlock block, final Database database) {
        databaseStart
                .wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .databaseId(database.id())
                .rowPolicy(database.rowPolicy())
                .keyForm(database.keyForm())
                .maxDriftMs(database.maxDriftMs())
                .sequence(database.sequence());
        final byte[] bytes = database.name().getBytes(StandardCharsets.US_ASCII);
        databaseStart.putName(bytes, 0, bytes.length);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + databaseStart.encodedLength());
    }

    void site(final SnapshotBlock block, final Database database, final int site) {
        scratch.putLong(0, database.sites().high(site), ByteOrder.BIG_ENDIAN);
        scratch.putLong(Long.BYTES, database.sites().low(site), ByteOrder.BIG_ENDIAN);
        startName(block, SnapshotNameKind.SITE, site).putName(scratch, 0, 2 * Long.BYTES);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + name.encodedLength());
    }

    void name(
            final SnapshotBlock block,
            final Database database,
            final SnapshotNameKind kind,
            final NameTable names,
            final int number) {
        startName(block, kind, number);
        final int length = names.length(number);
        final int at = name.limit();
        block.buffer().putShort(at, (short) length, ByteOrder.LITTLE_ENDIAN);
        NativeBytes.write(names.bytes(number), length, block.buffer(), at + Short.BYTES);
        name.limit(at + Short.BYTES + length);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + name.encodedLength());
    }

    private SnapshotNameEncoder startName(final SnapshotBlock block, final SnapshotNameKind kind, final int number) {
        return name.wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .kind(kind)
                .number(number);
    }

    /**
     * A part of a row from a column on, up to the next long value; tells the column to go on with, or -1 when there is no
     * more.
     */
    int row(
            final SnapshotBlock block,
            final Database database,
            final long address,
            final int fromColumn,
            final boolean withTombstone) {
        final UnsafeBuffer out = block.buffer();
        final int count = RowTable.cellCount(address);
        final int found = RowTable.place(address, fromColumn);
        final int fromPlace = found < 0 ? -found - 1 : found;
        int end = fromPlace;
        int bytes = 0;
        while (end < count && end - fromPlace < cellsPerPartMax && bytes < PART_BYTES && !isLong(address, end)) {
            bytes += CELL_FIXED_BYTES + CellDescriptor.valueLength(arena.address(RowTable.cell(address, end)));
            end++;
        }
        if (bytes > PART_BYTES && end - fromPlace > 1) {
            end--;
        }
        final int tombstoneRef = withTombstone ? RowTable.tombstone(address) : 0;
        final int next = end == count ? -1 : RowTable.column(address, end);
        if (end == fromPlace && tombstoneRef == 0 && next >= 0) {
            return next;
        }
        row.wrapAndApplyHeader(out, SnapshotBlocks.message(block), header).table(RowTable.tableId(address));
        final SnapshotRowEncoder.TombstoneEncoder tombstones = row.tombstoneCount(tombstoneRef == 0 ? 0 : 1);
        if (tombstoneRef != 0) {
            final long tombstone = arena.address(tombstoneRef);
            tombstones
                    .next()
                    .wallCounter(StampDescriptor.wallCounter(tombstone))
                    .site(StampDescriptor.siteIndex(tombstone))
                    .opSeq(StampDescriptor.opSeq(tombstone) & 0xFFFF_FFFFL)
                    .stampedTimeMs(Tombstones.stampedTimeMs(tombstone));
        }
        final CellsEncoder cells = row.cellsCount(end - fromPlace);
        for (int place = fromPlace; place < end; place++) {
            final long cell = arena.address(RowTable.cell(address, place));
            final int valueLength = CellDescriptor.valueLength(cell);
            cells.next()
                    .wallCounter(StampDescriptor.wallCounter(cell))
                    .site(StampDescriptor.siteIndex(cell))
                    .opSeq(StampDescriptor.opSeq(cell) & 0xFFFF_FFFFL)
                    .column(RowTable.column(address, place));
            final int at = row.limit();
            out.putInt(at, valueLength, ByteOrder.LITTLE_ENDIAN);
            NativeBytes.write(CellDescriptor.value(cell), valueLength, out, at + Integer.BYTES);
            row.limit(at + Integer.BYTES + valueLength);
        }
        final int keyLength = RowTable.keyLength(address);
        final int at = row.limit();
        out.putShort(at, (short) keyLength, ByteOrder.LITTLE_ENDIAN);
        NativeBytes.write(RowTable.key(address), keyLength, out, at + Short.BYTES);
        row.limit(at + Short.BYTES + keyLength);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + row.encodedLength());
        return next;
    }

    private boolean isLong(final long row, final int place) {
        return CellDescriptor.isLong(CellDescriptor.valueLength(arena.address(RowTable.cell(row, place))));
    }

    /** A chunk of a long value; tells where the next one starts, or 0 if there is none. */
    int value(
            final SnapshotBlock block,
            final Database database,
            final long address,
            final int place,
            final int valueOffset) {
        final long cell = arena.address(RowTable.cell(address, place));
        final int valueLength = CellDescriptor.valueLength(cell);
        if (valueOffset >= valueLength) {
            return 0;
        }
        final int bytes = Math.min(CellDescriptor.CHUNK_BYTES, valueLength - valueOffset);
        final UnsafeBuffer out = block.buffer();
        value.wrapAndApplyHeader(out, SnapshotBlocks.message(block), header)
                .table(RowTable.tableId(address))
                .column(RowTable.column(address, place))
                .wallCounter(StampDescriptor.wallCounter(cell))
                .site(StampDescriptor.siteIndex(cell))
                .opSeq(StampDescriptor.opSeq(cell) & 0xFFFF_FFFFL)
                .valueOffset(valueOffset)
                .valueBytes(valueLength);
        final int keyLength = RowTable.keyLength(address);
        int at = value.limit();
        out.putShort(at, (short) keyLength, ByteOrder.LITTLE_ENDIAN);
        NativeBytes.write(RowTable.key(address), keyLength, out, at + Short.BYTES);
        at += Short.BYTES + keyLength;
        out.putInt(at, bytes, ByteOrder.LITTLE_ENDIAN);
        CellDescriptor.copyValue(arena, cell, valueOffset, bytes, out, at + Integer.BYTES);
        value.limit(at + Integer.BYTES + bytes);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + value.encodedLength());
        return valueOffset + bytes < valueLength ? valueOffset + bytes : 0;
    }

    void migration(final SnapshotBlock block, final Database database, final long address) {
        migration
                .wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .wallCounter(StampDescriptor.wallCounter(address))
                .site(StampDescriptor.siteIndex(address))
                .opSeq(StampDescriptor.opSeq(address) & 0xFFFF_FFFFL)
                .kind(MigrationKind.get((short) MigrationTable.kind(address)))
                .version(MigrationTable.version(address) & 0xFFFF_FFFFL);
        final int at = migration.limit();
        final int textLength = MigrationTable.textLength(address);
        NativeBytes.write(MigrationTable.text(address), textLength, block.buffer(), at);
        migration.limit(at + textLength);
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + migration.encodedLength());
    }

    void databaseEnd(final SnapshotBlock block, final Database database, final boolean exact) {
        databaseEnd
                .wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .databaseId(database.id())
                .sequence(database.sequence())
                .pruned((short) (database.mark().isPresent() ? 1 : 0))
                .sameHlcConflicts(database.sameHlcConflicts())
                .exact((short) (exact ? 1 : 0))
                .cells(database.cells())
                .bytes(database.bytes())
                .oldestTombstoneMs(database.tombstoneList().oldestMs());
        database.mark().write(scratch, 0);
        databaseEnd.putPruneMark(scratch, 0, HlcDescriptor.LENGTH);
        databaseEnd.liveDigest().high(database.liveDigestHigh()).low(database.liveDigestLow());
        databaseEnd.secondDigest().high(database.secondDigestHigh()).low(database.secondDigestLow());
        databaseEnd.sameHlcSite().high(database.sameHlcSiteHigh()).low(database.sameHlcSiteLow());
        SnapshotBlocks.added(block, database.id(), HEADER_BYTES + databaseEnd.encodedLength());
    }

    void end(final SnapshotBlock block, final SnapshotMark mark, final int databases) {
        end.wrapAndApplyHeader(block.buffer(), SnapshotBlocks.message(block), header)
                .position(mark.position())
                .databases(databases)
                .hash(mark.hash());
        SnapshotBlocks.added(block, 0, HEADER_BYTES + end.encodedLength());
    }
}
