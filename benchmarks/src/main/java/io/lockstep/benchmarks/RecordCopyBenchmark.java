package io.lockstep.benchmarks;

import java.nio.ByteBuffer;
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
 * What two byte rings cost over one: a command of some 130 to 200 bytes is copied once more, from the ring that ingress
 * writes to the ring that holds the record. See docs/decisions.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class RecordCopyBenchmark {
    private static final int RING = 1 << 18;
    private static final int LENGTH = 200;

    private final UnsafeBuffer commands = new UnsafeBuffer(ByteBuffer.allocateDirect(RING));
    private final UnsafeBuffer records = new UnsafeBuffer(ByteBuffer.allocateDirect(RING));
    private int offset;

    /** One copy of 200 bytes, walking through both rings. */
    @Benchmark
    @Budget(nsPerOp = 40)
    public void copyOfACommand() {
        records.putBytes(offset, commands, offset, LENGTH);
        offset = offset + 512 & RING - 512 - 1;
    }
}
