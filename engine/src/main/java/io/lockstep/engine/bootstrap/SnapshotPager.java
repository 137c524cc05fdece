package io.lockstep.engine.bootstrap;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotPageEncoder;
import io.lockstep.codec.SnapshotPageEncoder.CellsEncoder;
import io.lockstep.codec.SnapshotPageEncoder.MigrationsEncoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Turns the entries of a snapshot into pages for a client. What it holds does not grow with the database, but for the names
 * that rows refer to. Deleted rows, of which a snapshot keeps the clocks, are left out. One thread.
 */
public final class SnapshotPager {
    /** Cells that a page has at most. */
    private static final int CELLS_PER_PAGE_MAX = 16_384;

    /** What filters leave out takes no room in a page, but time: after so many bytes it is sent as it is. */
    private static final long LOOKED_AT_BYTES_MAX = 4 << 20;

    private static final long NAMES_BYTES_MAX = 32 << 20;
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CHECKPOINT_BYTES =
            SnapshotPageEncoder.checkpointHeaderLength() + CheckpointWriter.BYTES_MAX;
    private static final int CELL_FIXED_BYTES = CellsEncoder.sbeBlockLength()
            + CellsEncoder.keyHeaderLength()
            + CellsEncoder.columnNameHeaderLength()
            + CellsEncoder.valueHeaderLength();

    private final NamesCache namesCache = new NamesCache(NAMES_BYTES_MAX);
    private final SnapshotFilter filter = new SnapshotFilter();
    private final CheckpointWriter checkpoints;
    private final int pageBytesMax;

    private final MessageHeaderDecoder entryHeader = new MessageHeaderDecoder();
    private final SnapshotRowDecoder row = new SnapshotRowDecoder();
    private final SnapshotMigrationDecoder migration = new SnapshotMigrationDecoder();
    private final SnapshotDatabaseEndDecoder databaseEnd = new SnapshotDatabaseEndDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SnapshotPageEncoder page = new SnapshotPageEncoder();

    private SnapshotNames names;
    private MutableDirectBuffer out;
    private CellsEncoder cells;
    private MigrationsEncoder migrations;
    private int limit;
    private int hardLimit;
    private int entries;
    private boolean full;
    private boolean last;
    private long tooLargeBytes;

    /**
     * A pager.
     *
     * @param pageBytesMax no page is longer, message header included
     * @param checkpoints writes where a client goes on
     */
    public SnapshotPager(final int pageBytesMax, final CheckpointWriter checkpoints) {
        this.pageBytesMax = pageBytesMax;
        this.checkpoints = checkpoints;
    }

    /**
     * The sequence that a client subscribes after when it has read a database.
     *
     * @param from the snapshot
     * @param databaseId of a database that it holds
     * @return 0 or more
     */
    public long sequence(final OpenSnapshot from, final int databaseId) {
        names = namesCache.of(from, databaseId);
        names.readUpTo(from, from.firstBlock(databaseId) + 1);
        return names.sequence();
    }

    /**
     * Writes a page, and moves the place behind what is in it.
     *
     * @param from the snapshot that the place is in; it holds the place's database
     * @param place where the page begins
     * @param order what it should be like
     * @param newOut with room for a largest page
     * @param offset of the message header
     * @return bytes; 0 if the next entry alone is longer than a page may be, see {@link #tooLargeBytes()}
     * @throws SnapshotException if the snapshot is damaged, or the place is none of it
     */
    public int page(
            final OpenSnapshot from,
            final SnapshotPlace place,
            final PageOrder order,
            final MutableDirectBuffer newOut,
            final int offset) {
        out = newOut;
        limit = offset + (int) Math.min(order.pageBytesMax(), pageBytesMax) - CHECKPOINT_BYTES;
        hardLimit = offset + pageBytesMax - CHECKPOINT_BYTES;
        final long sequence = sequence(from, place.databaseId());
        filter.wrap(order.filters(), names.tables());
        full = false;
        last = false;
        tooLargeBytes = 0;
        entries = 0;
        page.wrapAndApplyHeader(out, offset, header)
                .requestId(order.requestId())
                .sequence(sequence)
                .check(order.check())
                .exactSequence(-1);
        page.digest().high(0).low(0);
        cells = page.cellsCount(CELLS_PER_PAGE_MAX);
        migrations = null;
        fill(from, place);
        if (tooLargeBytes > 0) {
            return 0;
        }
        endCells();
        migrations.resetCountToIndex();
        page.bytesRead(from.bytesBefore(place.databaseId(), place.block()) + place.entry())
                .bytesTotal(from.bytesBefore(place.databaseId(), from.endBlock(place.databaseId())));
        page.flags().clear().last(last);
        putCheckpoint(place);
        return HEADER_BYTES + page.encodedLength();
    }

    private void putCheckpoint(final SnapshotPlace place) {
        final int at = page.limit();
        final int bytes = SnapshotPageEncoder.checkpointHeaderLength();
        final int length = last ? 0 : checkpoints.write(place, out, at + bytes);
        out.putShort(at, (short) length, ByteOrder.LITTLE_ENDIAN);
        page.limit(at + bytes + length);
    }

    /**
     * What the entry takes that a page had no room for.
     *
     * @return bytes; 0 if the last page was written
     */
    public long tooLargeBytes() {
        return tooLargeBytes;
    }

    /**
     * Whether the page written last was the database's last.
     *
     * @return true if so
     */
    public boolean isLast() {
        return last;
    }

    /** Nothing is asked for just now. */
    public void release() {
        namesCache.clear();
        names = null;
    }

    private void fill(final OpenSnapshot from, final SnapshotPlace place) {
        final long end = from.endBlock(place.databaseId());
        long lookedAt = 0;
        while (!full && !last) {
            if (place.block() < from.firstBlock(place.databaseId()) || place.block() >= end) {
                throw new SnapshotException("the database does not end: databaseId=" + place.databaseId() + ", block="
                        + place.block() + ", end=" + end);
            }
            names.readUpTo(from, place.block());
            from.block(place.block());
            if (!from.holdsNames()) {
                block(from.entries(), from.length(), place);
                lookedAt += from.length();
            }
            if (!full && !last) {
                place.block(from.nextBlock());
                full = lookedAt >= LOOKED_AT_BYTES_MAX;
            }
        }
    }

    private void block(final DirectBuffer block, final int length, final SnapshotPlace place) {
        int at = place.entry();
        while (at < length && !full && !last) {
            final int message = at + SnapshotFormat.LENGTH_BYTES;
            final int templateId = entryHeader.wrap(block, message).templateId();
            final int stoppedAt =
                    switch (templateId) {
                        case SnapshotRowDecoder.TEMPLATE_ID -> row(block, message, place.part());
                        case SnapshotMigrationDecoder.TEMPLATE_ID -> migration(block, message);
                        case SnapshotDatabaseEndDecoder.TEMPLATE_ID -> end(block, message);
                        default ->
                            throw new SnapshotException("no row: templateId=" + templateId + ", databaseId="
                                    + place.databaseId() + ", block=" + place.block() + ", entry=" + at);
                    };
            if (stoppedAt >= 0) {
                full = true;
                place.entry(at, stoppedAt);
            } else {
                at = message + block.getInt(at, ByteOrder.LITTLE_ENDIAN);
                place.entry(at, 0);
            }
        }
    }

    /** The cell that there was no room for, or -1. */
    private int row(final DirectBuffer block, final int message, final int fromCell) {
        if (migrations != null) {
            throw new SnapshotException("a row after a migration: message=" + message);
        }
        row.wrapAndApplyHeader(block, message, entryHeader);
        final int table = row.table();
        SnapshotRowDecoder.CellsDecoder found = cellsOfRow();
        while (found.hasNext()) {
            found.next().skipValue();
        }
        final int keyLength = row.keyLength();
        final int key = row.limit() + SnapshotRowDecoder.keyHeaderLength();
        if (!filter.matches(table, block, key, keyLength)) {
            return -1;
        }
        row.wrapAndApplyHeader(block, message, entryHeader);
        found = cellsOfRow();
        for (int i = 0; found.hasNext(); i++) {
            found.next();
            final int valueLength = found.valueLength();
            final int value = row.limit() + SnapshotRowDecoder.CellsDecoder.valueHeaderLength();
            if (i >= fromCell && !putCell(block, table, found, key, keyLength, value, valueLength)) {
                return i;
            }
            found.skipValue();
        }
        return -1;
    }

    private SnapshotRowDecoder.CellsDecoder cellsOfRow() {
        for (final SnapshotRowDecoder.TombstoneDecoder tombstone : row.tombstone()) {
            tombstone.actingVersion();
        }
        return row.cells();
    }

    private boolean putCell(
            final DirectBuffer block,
            final int table,
            final SnapshotRowDecoder.CellsDecoder cell,
            final int key,
            final int keyLength,
            final int value,
            final int valueLength) {
        final int column = cell.column();
        final int length = CELL_FIXED_BYTES
                + names.tables().length(table)
                + keyLength
                + names.columns().length(column)
                + valueLength;
        if (entries == CELLS_PER_PAGE_MAX || !hasRoom(length + MigrationsEncoder.sbeHeaderSize())) {
            return false;
        }
        cells.next();
        names.putClock(
                out, page.limit() - CellsEncoder.sbeBlockLength(), cell.wallCounter(), cell.site(), (int) cell.opSeq());
        int at = page.limit();
        at += names.tables().copy(table, out, at);
        at = putShort(at, keyLength);
        out.putBytes(at, block, key, keyLength);
        at = putShort(at + keyLength, names.columns().length(column));
        at += names.columns().copy(column, out, at);
        out.putInt(at, valueLength, ByteOrder.LITTLE_ENDIAN);
        at += CellsEncoder.valueHeaderLength();
        out.putBytes(at, block, value, valueLength);
        page.limit(at + valueLength);
        entries++;
        return true;
    }

    private int migration(final DirectBuffer block, final int message) {
        endCells();
        migration.wrapAndApplyHeader(block, message, entryHeader);
        final int text = migration.limit();
        migration.skipSchemaName();
        migration.skipObjectName();
        migration.skipFromObjectName();
        migration.skipDdl();
        final int textLength = migration.limit() - text;
        if (!filter.matchesMigration(migration.kind(), block, text)) {
            return -1;
        }
        if (entries == CELLS_PER_PAGE_MAX || !hasRoom(MigrationsEncoder.sbeBlockLength() + textLength)) {
            return 0;
        }
        migrations.next().kind(migration.kind()).version(migration.version());
        names.putClock(
                out,
                page.limit() - MigrationsEncoder.sbeBlockLength() + MigrationsEncoder.hlcEncodingOffset(),
                migration.wallCounter(),
                migration.site(),
                (int) migration.opSeq());
        final int at = page.limit();
        out.putBytes(at, block, text, textLength);
        page.limit(at + textLength);
        entries++;
        return -1;
    }

    private int end(final DirectBuffer block, final int message) {
        endCells();
        databaseEnd.wrapAndApplyHeader(block, message, entryHeader);
        page.exactSequence(databaseEnd.sequence());
        page.digest()
                .high(databaseEnd.liveDigest().high())
                .low(databaseEnd.liveDigest().low());
        last = true;
        return -1;
    }

    /** Migrations come after the cells; a group once begun is not gone back to. */
    private void endCells() {
        if (migrations == null) {
            cells.resetCountToIndex();
            migrations = page.migrationsCount(CELLS_PER_PAGE_MAX);
        }
    }

    /** The first entry of a page always goes out, however small a page was asked for: what came in a frame fits one. */
    private boolean hasRoom(final int length) {
        final int end = page.limit() + length;
        if (entries == 0 && end > hardLimit) {
            tooLargeBytes = length;
        }
        return end <= (entries == 0 ? hardLimit : limit);
    }

    private int putShort(final int offset, final int value) {
        out.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
        return offset + Short.BYTES;
    }
}
