package io.lockstep.benchmarks;

import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a journal append costs, alone and in a batch, beside the syncing thread. Each iteration has a new journal of one
 * large file and is short enough to stay in it, so that what is measured is the append and not the disk's bandwidth.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class JournalAppendBenchmark {
    private static final int BATCH = 64;
    private static final int RECORD_BYTES = 200;
    private static final long FILE_BYTES = 1L << 30;

    /** Whether anybody waits for the disk. */
    @Param({"journaled", "synced"})
    public String durability;

    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(RECORD_BYTES));
    private Path folder;
    private ChronicleJournal journal;
    private long position;

    /**
     * A new journal.
     *
     * @throws IOException if there is no room for it
     */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        folder = Files.createTempDirectory("lockstep-append-");
        journal = ChronicleJournal.open(new JournalContext()
                .dataFolder(folder)
                .fileBytes(FILE_BYTES)
                .softFreeBytes(0)
                .hardFreeBytes(0)
                .reserveBytes(0)
                .lazySync(durability.equals("journaled"))
                .conclude());
        position = 0;
        for (int i = 0; i < RECORD_BYTES; i++) {
            record.putByte(i, (byte) i);
        }
        record.putInt(RecordDescriptor.DATABASE_ID_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Deletes it.
     *
     * @throws IOException if it cannot
     */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        journal.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** One record of 200 bytes, each its own batch. */
    @Benchmark
    @Budget(nsPerOp = 500)
    public void alone() {
        append();
        journal.batchAppended();
    }

    /** One record of 200 bytes in a batch of 64. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    @Budget(nsPerOp = 250)
    public void inABatch() {
        for (int i = 0; i < BATCH; i++) {
            append();
        }
        journal.batchAppended();
    }

    private void append() {
        record.putLong(RecordDescriptor.POSITION_OFFSET, ++position, ByteOrder.LITTLE_ENDIAN);
        journal.append(record, 0, RECORD_BYTES);
    }
}
