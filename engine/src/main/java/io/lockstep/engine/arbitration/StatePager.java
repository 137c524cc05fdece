package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.StatePageEncoder;
import io.lockstep.codec.StatePageEncoder.CellsEncoder;
import io.lockstep.codec.StatePageEncoder.MigrationsEncoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.ValuePart;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers reads of the state, page by page: live cells by row number and column number, then migrations by number. None of
 * these numbers changes while what it names is there, so a scan that goes on after changes misses nothing that the
 * deliveries since its first page do not bring.
 *
 * <p>A page is bounded in bytes, cells and rows looked at, whether they match the request's filters or not. Where the next one starts is one number, opaque to clients:
 *
 * <pre>
 *   bit 63  62            61 .. 32      31 .. 0
 *    0    | 0           | row number  | lowest column number to go on with
 *    0    | 1           | migration number
 * </pre>
 *
 * A value that no page has room for goes out in parts. Then the page ends within it, and says beside that number how far it came.
 */
final class StatePager {
    private static final long MIGRATIONS_BIT = 1L << 62;
    private static final int COLUMN_BITS = 32;
    private static final int CELLS_PER_PAGE_MAX = 4_096;
    private static final int ROWS_PER_PAGE_MAX = 8_192;
    private static final int MIGRATIONS_LOOKED_AT_MAX = 1_024;

    /** Of a value, in a page: as much as is copied in some tens of microseconds. */
    private static final int PART_BYTES_MAX = 256 << 10;

    private static final int WITHIN_BYTES = StatePageEncoder.withinHeaderLength() + Integer.BYTES;
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int MIGRATIONS_HEADER_BYTES = MigrationsEncoder.sbeHeaderSize();
    private static final int CELL_FIXED_BYTES = CellsEncoder.sbeBlockLength()
            + CellsEncoder.keyHeaderLength()
            + CellsEncoder.columnNameHeaderLength()
            + CellsEncoder.valueHeaderLength();

    private final Arena arena;
    private final AnswerEncoder answers;
    private final int answerBytesMax;
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ReadStateDecoder request = new ReadStateDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatePageEncoder page = new StatePageEncoder();
    private final UnsafeBuffer hlc = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);

    private final PageFilter filter = new PageFilter();

    private Database database;
    private MutableDirectBuffer out;
    private int limit;
    private int hardLimit;
    private int cells;
    private long next;
    private boolean takesParts;
    private int valueFrom;
    private int valueNext;
    private int tooLarge;

    StatePager(final ArbiterContext context, final Arena arena, final AnswerEncoder answers) {
        this.arena = arena;
        this.answers = answers;
        answerBytesMax = context.answerBytesMax();
    }

    /** Writes a StatePage, or an Error where a limit was lowered below what is kept; tells its length. */
    int page(
            final Database newDatabase,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer newOut,
            final int outOffset) {
        request.wrapAndApplyHeader(body, offset, headerDecoder);
        database = newDatabase;
        out = newOut;
        filter.wrap(database, body, offset);
        final long asked = Math.min(request.pageBytesMax(), answerBytesMax);
        limit = outOffset + (int) asked - WITHIN_BYTES;
        hardLimit = outOffset + answerBytesMax - WITHIN_BYTES;
        tooLarge = 0;
        cells = 0;
        within();
        page.wrapAndApplyHeader(out, outOffset, header)
                .requestId(request.requestId())
                .sequence(database.sequence())
                .check(0);
        page.digest().high(database.liveDigestHigh()).low(database.liveDigestLow());
        final long from = request.row() < 0 ? MIGRATIONS_BIT | Integer.MAX_VALUE : request.row();
        final boolean cellsDone = putCells(from);
        final boolean done = putMigrations(cellsDone, from);
        if (tooLarge > 0) {
            return answers.error(
                    out,
                    outOffset,
                    request.requestId(),
                    ErrorCode.EFFECT_TOO_LARGE,
                    answerBytesMax,
                    tooLarge,
                    "an entry of the state is over answerBytesMax=" + answerBytesMax);
        }
        page.nextRow(next).flags().clear().last(done);
        if (takesParts) {
            putWithin();
        } else {
            header.version(headerDecoder.version());
        }
        return HEADER_BYTES + page.encodedLength();
    }

    /** Reads how far into a value the page before came. */
    private void within() {
        takesParts = headerDecoder.version() >= ReadStateDecoder.withinSinceVersion();
        valueFrom = 0;
        valueNext = 0;
        if (takesParts) {
            for (final ReadStateDecoder.FiltersDecoder skipped : request.filters()) {
                skipped.skipTable();
                skipped.skipKeyPrefix();
            }
            if (request.withinLength() == Integer.BYTES) {
                final int at = request.limit() + ReadStateDecoder.withinHeaderLength();
                valueFrom = Math.max(0, request.buffer().getInt(at, ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    private void putWithin() {
        final int at = putShort(page.limit(), valueNext == 0 ? 0 : Integer.BYTES);
        if (valueNext == 0) {
            page.limit(at);
        } else {
            out.putInt(at, valueNext, ByteOrder.LITTLE_ENDIAN);
            page.limit(at + Integer.BYTES);
        }
    }

    /** True when no cell is left for another page. */
    private boolean putCells(final long from) {
        final CellsEncoder encoder = page.cellsCount(CELLS_PER_PAGE_MAX);
        boolean done = true;
        if (from < MIGRATIONS_BIT) {
            final RowTable rows = database.rowTable();
            final long rowsMax = (from >>> COLUMN_BITS) + ROWS_PER_PAGE_MAX;
            int column = (int) Math.min(from & 0xFFFF_FFFFL, Integer.MAX_VALUE);
            long row = from >>> COLUMN_BITS;
            int stoppedAt = -1;
            while (row < rows.numberCount() && row + filter.rowsSpent() < rowsMax && stoppedAt < 0) {
                final int ref = rows.byNumber((int) row);
                stoppedAt = ref == 0 || !filter.matches(arena.address(ref))
                        ? -1
                        : putRow(encoder, arena.address(ref), column);
                if (stoppedAt < 0) {
                    row++;
                    column = 0;
                    valueFrom = 0; // it is of a cell of the first row, which may be gone
                }
            }
            next = row << COLUMN_BITS | Math.max(stoppedAt, 0);
            done = row >= rows.numberCount();
        }
        encoder.resetCountToIndex();
        return done;
    }

    /** The column that did not fit any more, or -1 if all did. */
    private int putRow(final CellsEncoder encoder, final long row, final int fromColumn) {
        final int start = RowTable.place(row, fromColumn);
        final int count = RowTable.cellCount(row);
        for (int place = start < 0 ? -start - 1 : start; place < count; place++) {
            final int column = RowTable.column(row, place);
            final long cell = arena.address(RowTable.cell(row, place));
            final int from = column == fromColumn && cells == 0 ? valueFrom : 0;
            // One that is shorter by now was replaced, and is delivered.
            if (from < CellDescriptor.valueLength(cell) && !putCell(encoder, row, column, cell, from)) {
                return column;
            }
        }
        return -1;
    }

    /** False if there was no room for the cell, or not for all of it: then {@link #valueNext} is above 0. */
    private boolean putCell(
            final CellsEncoder encoder, final long row, final int column, final long cell, final int from) {
        final int table = RowTable.tableId(row);
        final NameTable tables = database.tables();
        final NameTable columns = database.columns();
        final int tableLength = tables.length(table);
        final int columnLength = columns.length(column);
        final int keyLength = RowTable.keyLength(row);
        final int valueLength = CellDescriptor.valueLength(cell);
        final int fixed = CELL_FIXED_BYTES + MIGRATIONS_HEADER_BYTES + tableLength + keyLength + columnLength;
        int bytes = valueLength;
        if (from > 0 || (takesParts && cells == 0 && page.limit() + fixed + valueLength > hardLimit)) {
            final int room = hardLimit - page.limit() - fixed - ValuePart.HEADER_LENGTH;
            bytes = Math.min(valueLength - from, Math.min(room, PART_BYTES_MAX));
        } else if (cells == CELLS_PER_PAGE_MAX || !hasRoom(fixed + valueLength, cells == 0)) {
            return false;
        }
        database.sites().write(cell, hlc, 0);
        encoder.next().putHlc(hlc, 0, HlcDescriptor.LENGTH);
        int at = page.limit();
        NativeBytes.write(tables.bytes(table), tableLength, out, at);
        at = putShort(at + tableLength, keyLength);
        NativeBytes.write(RowTable.key(row), keyLength, out, at);
        at = putShort(at + keyLength, columnLength);
        NativeBytes.write(columns.bytes(column), columnLength, out, at);
        at += columnLength;
        final int partHeader = bytes < valueLength ? ValuePart.HEADER_LENGTH : 0;
        out.putInt(at, partHeader + bytes, ByteOrder.LITTLE_ENDIAN);
        at += CellsEncoder.valueHeaderLength();
        if (partHeader > 0) {
            ValuePart.put(out, at, from, valueLength);
            at += partHeader;
        }
        CellDescriptor.copyValue(arena, cell, from, bytes, out, at);
        page.limit(at + bytes);
        cells++;
        valueNext = from + bytes < valueLength ? from + bytes : 0;
        return valueNext == 0;
    }

    /** True when this is the last page. */
    private boolean putMigrations(final boolean cellsDone, final long from) {
        final MigrationTable migrations = database.migrationTable();
        final MigrationsEncoder encoder = page.migrationsCount(cellsDone ? CELLS_PER_PAGE_MAX : 0);
        boolean done = false;
        if (cellsDone) {
            final long first = from < MIGRATIONS_BIT ? 0 : from ^ MIGRATIONS_BIT;
            int number = (int) Math.min(first, migrations.count());
            final int numberMax = filter.isAll() ? migrations.count() : number + MIGRATIONS_LOOKED_AT_MAX;
            int put = 0;
            boolean room = true;
            while (room && number < Math.min(numberMax, migrations.count()) && put < CELLS_PER_PAGE_MAX) {
                final long migration = migrations.address(number);
                if (filter.matchesMigration(migration)) {
                    room = putMigration(encoder, migration, cells + put == 0);
                    put += room ? 1 : 0;
                }
                number += room ? 1 : 0;
            }
            done = number == migrations.count();
            next = MIGRATIONS_BIT | number;
        }
        encoder.resetCountToIndex();
        return done;
    }

    private boolean putMigration(final MigrationsEncoder encoder, final long migration, final boolean first) {
        final int textLength = MigrationTable.textLength(migration);
        if (!hasRoom(MigrationsEncoder.sbeBlockLength() + textLength, first)) {
            return false;
        }
        database.sites().write(migration, hlc, 0);
        encoder.next()
                .kind(MigrationKind.get((short) MigrationTable.kind(migration)))
                .version(MigrationTable.version(migration) & 0xFFFF_FFFFL)
                .putHlc(hlc, 0, HlcDescriptor.LENGTH);
        final int at = page.limit();
        NativeBytes.write(MigrationTable.text(migration), textLength, out, at);
        page.limit(at + textLength);
        return true;
    }

    /** The first entry of a page always goes out, however small a page was asked for: what came in a frame fits one. */
    private boolean hasRoom(final int length, final boolean first) {
        final int end = page.limit() + length;
        if (first && end > hardLimit) {
            tooLarge = length;
        }
        return end <= (first ? hardLimit : limit);
    }

    private int putShort(final int offset, final int value) {
        out.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
        return offset + Short.BYTES;
    }
}
