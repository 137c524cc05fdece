package io.lockstep.benchmarks;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Validating a client's frame, and decoding it field by field afterwards. Change sets write texts of 16 bytes under
 * integer keys. One operation is one change set.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class FrameBenchmark {
    private static final int CHANGES = 10;
    private static final int VALUE_BYTES = 16;
    private static final int VALUE_HEADER_BYTES = 5;
    private static final int BUFFER_BYTES = 1 << 14;

    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitChangeSetDecoder decoder = new SubmitChangeSetDecoder();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer one = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
    private final UnsafeBuffer ten = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
    private final int oneLength = encode(one, 1);
    private final int tenLength = encode(ten, CHANGES);

    /** A set of one change. */
    @Benchmark
    @Budget(nsPerOp = 150)
    public boolean validateOneChange() {
        return validator.validateClientMessage(one, 0, oneLength);
    }

    /** A set of ten changes. */
    @Benchmark
    @Budget(nsPerOp = 1_000)
    public boolean validateTenChanges() {
        return validator.validateClientMessage(ten, 0, tenLength);
    }

    /** A set of one change: validated, then every field read. */
    @Benchmark
    @Budget(nsPerOp = 250)
    public long validateAndDecodeOneChange() {
        return validator.validateClientMessage(one, 0, oneLength) ? decode(one) : -1;
    }

    /** A set of ten changes: validated, then every field read. */
    @Benchmark
    @Budget(nsPerOp = 1_800)
    public long validateAndDecodeTenChanges() {
        return validator.validateClientMessage(ten, 0, tenLength) ? decode(ten) : -1;
    }

    private long decode(final UnsafeBuffer buffer) {
        decoder.wrapAndApplyHeader(buffer, 0, header);
        long sum = decoder.requestId() + decoder.wall() + decoder.counter();
        sum += decoder.site().high() + decoder.site().low();
        sum += decoder.migrations().count();
        for (final SubmitChangeSetDecoder.ChangesDecoder change : decoder.changes()) {
            sum += change.opSeq() + change.op().value();
            change.wrapSchemaName(view);
            sum += view.capacity();
            change.wrapTableName(view);
            sum += view.capacity();
            change.wrapKey(view);
            sum += view.getLong(1, ByteOrder.LITTLE_ENDIAN);
            change.wrapColumnName(view);
            sum += view.capacity();
            change.wrapValue(view);
            sum += view.getByte(VALUE_HEADER_BYTES);
            change.wrapBefore(view);
            sum += view.capacity();
        }
        return sum;
    }

    private static int encode(final UnsafeBuffer buffer, final int changes) {
        final byte[] schema = ascii("main");
        final byte[] table = ascii("accounts");
        final UnsafeBuffer key = new UnsafeBuffer(new byte[1 + Long.BYTES]);
        key.putByte(0, (byte) ValueType.INTEGER);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_HEADER_BYTES + VALUE_BYTES]);
        value.setMemory(0, value.capacity(), (byte) 'v');
        value.putByte(0, (byte) ValueType.TEXT);
        value.putInt(1, VALUE_BYTES, ByteOrder.LITTLE_ENDIAN);
        final ChangeSetWriter writer =
                new ChangeSetWriter().wrap(buffer, 0).header(1, 2, 3, 1_700_000_000_000L, 4, false, 0, changes);
        for (int i = 0; i < changes; i++) {
            key.putLong(1, i, ByteOrder.LITTLE_ENDIAN);
            writer.beginChange(i, ChangeOp.WRITE, false)
                    .schemaName(schema)
                    .tableName(table)
                    .key(key, 0, key.capacity())
                    .columnName(ascii("balance"))
                    .value(value, 0, value.capacity())
                    .before(new byte[0]);
        }
        return writer.length();
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
