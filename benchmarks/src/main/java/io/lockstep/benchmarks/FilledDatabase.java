package io.lockstep.benchmarks;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueWriter;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.arbitration.DatabaseView;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A database of a number of cells, and one change set after the other for it. Rows have five columns, values are texts of
 * 16 bytes.
 */
@State(Scope.Thread)
public abstract class FilledDatabase {
    /** Most bytes that a cell takes, all in; checked when the database was filled. */
    static final int BYTES_PER_CELL_MAX = 96;

    /** As many as the arbitrate stage looks ahead at. */
    static final int BATCH = 32;

    private static final int BATCH_STRIDE = 512;
    private static final int COLUMNS = 5;
    private static final int LOAD_ROWS = 100;
    private static final int VALUE_BYTES = 16;
    private static final long START_MS = 1_700_000_000_000L;
    private static final long MAX_DRIFT_MS = 1_000_000;
    private static final byte[] SCHEMA = "main".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TABLE = "orders".getBytes(StandardCharsets.US_ASCII);
    private static final int SITES = 64;
    private static final int WALL_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.wallEncodingOffset();
    private static final int SITE_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.siteEncodingOffset();

    private final int cells;

    private final IngressCommand command = new IngressCommand();
    private final Decision decision = new Decision();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[1 << 18]);
    private final SubmitResultDecoder result = new SubmitResultDecoder();
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final UnsafeBuffer batch = new UnsafeBuffer(ByteBuffer.allocateDirect(BATCH * BATCH_STRIDE));
    private Arbiter arbiter;
    private UnsafeBuffer out;
    private int databaseId;
    private int rows;
    private int length;
    private int keyOffset;
    private int columnOffset;
    private int valueOffset;
    private long random = 42;
    private long clock;

    FilledDatabase(final int cells) {
        this.cells = cells;
    }

    /** Fills the database. */
    @Setup(Level.Trial)
    public void fill() {
        arbiter = new Arbiter(new ArbiterContext()
                .incarnation(1, 2)
                .hashSeed(3, 4)
                .databaseBytesMax(ArbiterContext.ARENA_BYTES_MAX_DEFAULT)
                .conclude());
        out = new UnsafeBuffer(ByteBuffer.allocateDirect(arbiter.outBytesMax()));
        rows = cells / COLUMNS;
        databaseId = create();
        for (int row = 0; row < rows; row += LOAD_ROWS) {
            load(row, Math.min(LOAD_ROWS, rows - row));
        }
        final DatabaseView database = arbiter.database(databaseId);
        if (database.cells() != cells) {
            throw new IllegalStateException("cells=" + database.cells() + ", expected=" + cells);
        }
        if (database.bytes() > (long) cells * BYTES_PER_CELL_MAX) {
            throw new IllegalStateException("over budget: bytes=" + database.bytes() + ", cells=" + cells
                    + ", bytesPerCellMax=" + BYTES_PER_CELL_MAX);
        }
        System.out.println("bytes=" + database.bytes() + " cells=" + cells + " bytesPerCellMax=" + BYTES_PER_CELL_MAX);
        prepare();
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void close() {
        arbiter.close();
    }

    /** Decides one write, which is accepted; tells the length of the answer. */
    int decide() {
        next();
        return decide(body, 0, clock);
    }

    /** Decides so many writes as the arbitrate stage does, which looks ahead at them first. */
    int decideBatch() {
        for (int i = 0; i < BATCH; i++) {
            next();
            batch.putBytes(i * BATCH_STRIDE, body, 0, length);
            arbiter.expect(databaseId, batch, i * BATCH_STRIDE);
        }
        arbiter.prefetch();
        int answered = 0;
        for (int i = 0; i < BATCH; i++) {
            answered += decide(batch, i * BATCH_STRIDE, clock - BATCH + i + 1);
        }
        return answered;
    }

    private void next() {
        random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        final int bits = (int) (random >>> 33);
        clock++;
        body.putLong(keyOffset, bits % rows, ByteOrder.LITTLE_ENDIAN);
        body.putByte(columnOffset, (byte) ('a' + (bits >>> 3) % COLUMNS));
        body.putLong(valueOffset, random, ByteOrder.LITTLE_ENDIAN);
        body.putLong(WALL_OFFSET, START_MS + clock, ByteOrder.LITTLE_ENDIAN);
        body.putLong(SITE_OFFSET, bits & (SITES - 1), ByteOrder.LITTLE_ENDIAN);
    }

    private int decide(final UnsafeBuffer buffer, final int offset, final long at) {
        command.set(CommandKind.CHANGE_SET, 1, 1, databaseId, IngressCommand.FLAG_SITE_AUTHORISED, START_MS + at);
        arbiter.decide(command, buffer, offset, length, out, 0, decision);
        if (decision.recordLength() == 0) {
            throw new IllegalStateException("a write was not accepted");
        }
        return decision.answerLength();
    }

    private int create() {
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder();
        open.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .requestId(1)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(MAX_DRIFT_MS)
                .name("bench");
        open.flags().clear().create(true);
        command.set(CommandKind.OPEN_DATABASE, 1, 1, 0, IngressCommand.FLAG_MAY_CREATE, START_MS);
        arbiter.decide(command, body, 0, MessageHeaderEncoder.ENCODED_LENGTH + open.encodedLength(), out, 0, decision);
        return decision.databaseId();
    }

    private void load(final int firstRow, final int count) {
        clock++;
        writer.wrap(body, 0).header(1, 7, 7, START_MS + clock, 0, false, 0, count * COLUMNS);
        for (int i = 0; i < count * COLUMNS; i++) {
            write(i, firstRow + i / COLUMNS, i % COLUMNS);
        }
        length = writer.length();
        decide(body, 0, clock);
        result.wrap(
                out,
                decision.answerOffset() + MessageHeaderEncoder.ENCODED_LENGTH,
                SubmitResultDecoder.BLOCK_LENGTH,
                SubmitResultDecoder.SCHEMA_VERSION);
        if (result.status() != SubmitStatus.ACCEPTED) {
            throw new IllegalStateException("status=" + result.status());
        }
    }

    private void write(final int opSeq, final long row, final int column) {
        final byte[] key = new byte[9];
        ValueWriter.putInteger(new UnsafeBuffer(key), 0, row);
        final byte[] value = new byte[VALUE_BYTES + ValueWriter.PREFIX_LENGTH];
        ValueWriter.putText(new UnsafeBuffer(value), 0, "x".repeat(VALUE_BYTES));
        writer.beginChange(opSeq, ChangeOp.WRITE, false)
                .schemaName(SCHEMA)
                .tableName(TABLE)
                .key(key)
                .columnName(new byte[] {(byte) ('a' + column)})
                .value(value)
                .before(new byte[0]);
    }

    /** Leaves a set with one write in the body and notes where its parts are. */
    private void prepare() {
        writer.wrap(body, 0).header(1, 7, 7, START_MS, 0, false, 0, 1);
        write(0, 0, 0);
        length = writer.length();
        // From the back: before-image, value, column, key, each behind its length.
        valueOffset = length - Integer.BYTES - VALUE_BYTES;
        columnOffset = valueOffset - ValueWriter.PREFIX_LENGTH - Integer.BYTES - 1;
        keyOffset = columnOffset - Short.BYTES - Long.BYTES;
    }
}
