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
 */
final class StatePager {
    private static final long MIGRATIONS_BIT = 1L << 62;
    private static final int COLUMN_BITS = 32;
    private static final int CELLS_PER_PAGE_MAX = 4_096;
    private static final int ROWS_PER_PAGE_MAX = 8_192;
    private static final int MIGRATIONS_LOOKED_AT_MAX = 1_024;
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
        limit = outOffset + (int) asked;
        hardLimit = outOffset + answerBytesMax;
        tooLarge = 0;
        cells = 0;
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
        return HEADER_BYTES + page.encodedLength();
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
            if (!putCell(encoder, row, column, cell)) {
                return column;
            }
        }
        return -1;
    }

    private boolean putCell(final CellsEncoder encoder, final long row, final int column, final long cell) {
        final int table = RowTable.tableId(row);
        final NameTable tables = database.tables();
        final NameTable columns = database.columns();
        final int tableLength = tables.length(table);
        final int columnLength = columns.length(column);
        final int keyLength = RowTable.keyLength(row);
        final int valueLength = CellDescriptor.valueLength(cell);
        final int length = CELL_FIXED_BYTES + tableLength + keyLength + columnLength + valueLength;
        if (cells == CELLS_PER_PAGE_MAX || !hasRoom(length + MIGRATIONS_HEADER_BYTES, cells == 0)) {
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
        out.putInt(at, valueLength, ByteOrder.LITTLE_ENDIAN);
        at += CellsEncoder.valueHeaderLength();
        NativeBytes.write(CellDescriptor.value(cell), valueLength, out, at);
        page.limit(at + valueLength);
        cells++;
        return true;
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
