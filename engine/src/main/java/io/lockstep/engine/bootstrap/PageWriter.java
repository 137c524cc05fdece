package io.lockstep.engine.bootstrap;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotPageEncoder;
import io.lockstep.codec.SnapshotPageEncoder.CellsEncoder;
import io.lockstep.codec.SnapshotPageEncoder.MigrationsEncoder;
import io.lockstep.codec.value.ValuePart;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes one page after another: cells first, then migrations, as long as there is room. One thread. */
final class PageWriter {
    /** Cells that a page has at most. */
    private static final int CELLS_PER_PAGE_MAX = 16_384;

    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CHECKPOINT_BYTES =
            SnapshotPageEncoder.checkpointHeaderLength() + CheckpointWriter.BYTES_MAX;
    private static final int CELL_FIXED_BYTES = CellsEncoder.sbeBlockLength()
            + CellsEncoder.keyHeaderLength()
            + CellsEncoder.columnNameHeaderLength()
            + CellsEncoder.valueHeaderLength();

    private final int pageBytesMax;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SnapshotPageEncoder page = new SnapshotPageEncoder();

    private SnapshotNames names;
    private MutableDirectBuffer out;
    private CellsEncoder cells;
    private MigrationsEncoder migrations;
    private int limit;
    private int hardLimit;
    private int entries;
    private long tooLargeBytes;

    PageWriter(final int pageBytesMax) {
        this.pageBytesMax = pageBytesMax;
    }

    void begin(
            final SnapshotNames newNames,
            final long sequence,
            final PageOrder order,
            final MutableDirectBuffer newOut,
            final int offset) {
        names = newNames;
        out = newOut;
        limit = offset + (int) Math.min(order.pageBytesMax(), pageBytesMax) - CHECKPOINT_BYTES;
        hardLimit = offset + pageBytesMax - CHECKPOINT_BYTES;
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
    }

    /** What the entry takes that had no room for; 0 if there was none. */
    long tooLargeBytes() {
        return tooLargeBytes;
    }

    void tooLarge(final long bytes) {
        tooLargeBytes = bytes;
    }

    boolean isEmpty() {
        return entries == 0;
    }

    boolean hasMigrations() {
        return migrations != null;
    }

    /** Ends the page; tells its length. */
    int end(
            final long bytesRead,
            final long bytesTotal,
            final boolean last,
            final CheckpointWriter checkpoints,
            final SnapshotPlace place) {
        endCells();
        migrations.resetCountToIndex();
        page.bytesRead(bytesRead).bytesTotal(bytesTotal);
        page.flags().clear().last(last);
        putCheckpoint(last, checkpoints, place);
        return HEADER_BYTES + page.encodedLength();
    }

    private void putCheckpoint(final boolean last, final CheckpointWriter checkpoints, final SnapshotPlace place) {
        final int at = page.limit();
        final int bytes = SnapshotPageEncoder.checkpointHeaderLength();
        final int length = last ? 0 : checkpoints.write(place, out, at + bytes);
        out.putShort(at, (short) length, ByteOrder.LITTLE_ENDIAN);
        page.limit(at + bytes + length);
    }

    /** Bytes of a value that a page with nothing else has room for, beside what is before them. */
    int roomForPart(final int table, final int column, final int keyLength) {
        return hardLimit
                - page.limit()
                - MigrationsEncoder.sbeHeaderSize()
                - cellBytes(table, column, keyLength, ValuePart.HEADER_LENGTH);
    }

    /** Whether all parts of a value go into what is left of the page. */
    boolean hasRoomForParts(
            final int table, final int column, final int keyLength, final long parts, final long valueBytes) {
        final long needed = parts * cellBytes(table, column, keyLength, ValuePart.HEADER_LENGTH) + valueBytes;
        return entries + parts <= CELLS_PER_PAGE_MAX
                && page.limit() + needed + MigrationsEncoder.sbeHeaderSize() <= limit;
    }

    private int cellBytes(final int table, final int column, final int keyLength, final int valueLength) {
        return CELL_FIXED_BYTES
                + names.tables().length(table)
                + keyLength
                + names.columns().length(column)
                + valueLength;
    }

    /** Writes a cell up to its value, whose offset it tells; -1 if the page has no room for it. */
    int startCell(
            final DirectBuffer block,
            final int table,
            final int column,
            final int key,
            final int keyLength,
            final int valueLength,
            final long wallCounter,
            final int site,
            final int opSeq) {
        final int length = cellBytes(table, column, keyLength, valueLength);
        if (entries == CELLS_PER_PAGE_MAX || !hasRoom(length + MigrationsEncoder.sbeHeaderSize())) {
            return -1;
        }
        cells.next();
        names.putClock(out, page.limit() - CellsEncoder.sbeBlockLength(), wallCounter, site, opSeq);
        int at = page.limit();
        at += names.tables().copy(table, out, at);
        at = putShort(at, keyLength);
        out.putBytes(at, block, key, keyLength);
        at = putShort(at + keyLength, names.columns().length(column));
        at += names.columns().copy(column, out, at);
        out.putInt(at, valueLength, ByteOrder.LITTLE_ENDIAN);
        at += CellsEncoder.valueHeaderLength();
        page.limit(at + valueLength);
        entries++;
        return at;
    }

    /** False if the page has no room for it; its text lies where it says. */
    boolean putMigration(
            final SnapshotMigrationDecoder migration, final DirectBuffer block, final int text, final int textLength) {
        if (entries == CELLS_PER_PAGE_MAX || !hasRoom(MigrationsEncoder.sbeBlockLength() + textLength)) {
            return false;
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
        return true;
    }

    /** The database ends with this page. */
    void putEnd(final SnapshotDatabaseEndDecoder databaseEnd) {
        page.exactSequence(databaseEnd.sequence());
        page.digest()
                .high(databaseEnd.liveDigest().high())
                .low(databaseEnd.liveDigest().low());
    }

    /** Migrations come after the cells; a group once begun is not gone back to. */
    void endCells() {
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
