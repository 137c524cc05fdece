package io.lockstep.engine.bootstrap;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.codec.SnapshotValueDecoder;
import io.lockstep.codec.value.ValuePart;
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
    /** What filters leave out takes no room in a page, but time: after so many bytes it is sent as it is. */
    private static final long LOOKED_AT_BYTES_MAX = 4 << 20;

    private static final long NAMES_BYTES_MAX = 32 << 20;

    private final NamesCache namesCache = new NamesCache(NAMES_BYTES_MAX);
    private final SnapshotFilter filter = new SnapshotFilter();
    private final CheckpointWriter checkpoints;
    private final PageWriter page;

    private final MessageHeaderDecoder entryHeader = new MessageHeaderDecoder();
    private final SnapshotRowDecoder row = new SnapshotRowDecoder();
    private final SnapshotValueDecoder value = new SnapshotValueDecoder();
    private final SnapshotMigrationDecoder migration = new SnapshotMigrationDecoder();
    private final SnapshotDatabaseEndDecoder databaseEnd = new SnapshotDatabaseEndDecoder();

    private SnapshotNames names;
    private MutableDirectBuffer out;
    private boolean takesParts;
    private boolean full;
    private boolean last;
    private boolean withinValue;

    /**
     * A pager.
     *
     * @param pageBytesMax no page is longer, message header included
     * @param checkpoints writes where a client goes on
     */
    public SnapshotPager(final int pageBytesMax, final CheckpointWriter checkpoints) {
        page = new PageWriter(pageBytesMax);
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
        final long sequence = sequence(from, place.databaseId());
        filter.wrap(order.filters(), names.tables());
        takesParts = order.takesParts();
        full = false;
        last = false;
        withinValue = false;
        page.begin(names, sequence, order, newOut, offset);
        fill(from, place);
        if (page.tooLargeBytes() > 0) {
            return 0;
        }
        return page.end(
                from.bytesBefore(place.databaseId(), place.block()) + place.entry(),
                from.bytesBefore(place.databaseId(), from.endBlock(place.databaseId())),
                last,
                checkpoints,
                place);
    }

    /**
     * What the entry takes that a page had no room for.
     *
     * @return bytes; 0 if the last page was written
     */
    public long tooLargeBytes() {
        return page.tooLargeBytes();
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
                full = lookedAt >= LOOKED_AT_BYTES_MAX && !withinValue;
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
                        case SnapshotValueDecoder.TEMPLATE_ID -> value(block, message, place.part());
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
        if (page.hasMigrations()) {
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

    /** The byte of a part of a value that there was no room for, or -1. */
    private int value(final DirectBuffer block, final int message, final int fromByte) {
        if (page.hasMigrations()) {
            throw new SnapshotException("a value after a migration: message=" + message);
        }
        value.wrapAndApplyHeader(block, message, entryHeader);
        final int table = value.table();
        final int keyLength = value.keyLength();
        final int key = value.limit() + SnapshotValueDecoder.keyHeaderLength();
        if (!filter.matches(table, block, key, keyLength)) {
            return -1;
        }
        if (!takesParts) {
            page.tooLarge(value.valueBytes());
            return 0;
        }
        value.skipKey();
        final int left = value.bytesLength() - fromByte;
        final int from = value.limit() + SnapshotValueDecoder.bytesHeaderLength() + fromByte;
        final int column = value.column();
        if (value.valueOffset() + fromByte == 0 && !page.isEmpty() && !fitsWhole(table, column, keyLength)) {
            return 0;
        }
        final int bytes = page.isEmpty() ? Math.min(left, page.roomForPart(table, column, keyLength)) : left;
        final int at = page.startCell(
                block,
                table,
                column,
                key,
                keyLength,
                ValuePart.HEADER_LENGTH + bytes,
                value.wallCounter(),
                value.site(),
                (int) value.opSeq());
        if (at < 0) {
            return fromByte;
        }
        ValuePart.put(out, at, (int) value.valueOffset() + fromByte, (int) value.valueBytes());
        out.putBytes(at + ValuePart.HEADER_LENGTH, block, from, bytes);
        withinValue = value.valueOffset() + fromByte + bytes < value.valueBytes();
        return bytes < left ? fromByte + bytes : -1;
    }

    /**
     * A value that goes on in further pages begins one of its own: the checkpoint before it is one that a client which
     * keeps no halves can go on from, even where there is nothing but such values.
     */
    private boolean fitsWhole(final int table, final int column, final int keyLength) {
        final long parts = (value.valueBytes() + value.bytesLength() - 1) / Math.max(1, value.bytesLength());
        return page.hasRoomForParts(table, column, keyLength, parts, value.valueBytes());
    }

    private boolean putCell(
            final DirectBuffer block,
            final int table,
            final SnapshotRowDecoder.CellsDecoder cell,
            final int key,
            final int keyLength,
            final int value,
            final int valueLength) {
        final int at = page.startCell(
                block, table, cell.column(), key, keyLength, valueLength, cell.wallCounter(), cell.site(), (int)
                        cell.opSeq());
        if (at < 0) {
            return false;
        }
        out.putBytes(at, block, value, valueLength);
        return true;
    }

    private int migration(final DirectBuffer block, final int message) {
        page.endCells();
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
        return page.putMigration(migration, block, text, textLength) ? -1 : 0;
    }

    private int end(final DirectBuffer block, final int message) {
        page.endCells();
        databaseEnd.wrapAndApplyHeader(block, message, entryHeader);
        page.putEnd(databaseEnd);
        last = true;
        return -1;
    }
}
