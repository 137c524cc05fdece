package io.lockstep.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision of a change set with one write, accepted, over rows chosen at random: from the command in memory to the
 * unsealed record and the answer. Rows have five columns, values are texts of 16 bytes, clocks rise, so every write
 * replaces a cell.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ArbitrationBenchmark {
    /** At 10 thousand cells, which the caches hold. */
    @Benchmark
    @Budget(nsPerOp = 500)
    public int decideAtTenThousandCells(final TenThousand database) {
        return database.decide();
    }

    /** At 1 million cells. */
    @Benchmark
    @Budget(nsPerOp = 800)
    public int decideAtOneMillionCells(final OneMillion database) {
        return database.decide();
    }

    /** At 10 million cells: bucket, row and cell each come from memory, one after the other. */
    @Benchmark
    @Budget(nsPerOp = 1_500)
    public int decideAtTenMillionCells(final TenMillion database) {
        return database.decide();
    }

    /** At 100 thousand cells, of a batch. */
    @Benchmark
    @OperationsPerInvocation(FilledDatabase.BATCH)
    @Budget(nsPerOp = 600)
    public int decideBatchesAtHundredThousandCells(final HundredThousand database) {
        return database.decideBatch();
    }

    /** At 10 million cells, of a batch: their lines come from memory at once. */
    @Benchmark
    @OperationsPerInvocation(FilledDatabase.BATCH)
    @Budget(nsPerOp = 800)
    public int decideBatchesAtTenMillionCells(final TenMillion database) {
        return database.decideBatch();
    }

    /** 100 thousand cells. */
    public static class HundredThousand extends FilledDatabase {
        /** For JMH. */
        public HundredThousand() {
            super(100_000);
        }
    }

    /** 10 thousand cells. */
    public static class TenThousand extends FilledDatabase {
        /** For JMH. */
        public TenThousand() {
            super(10_000);
        }
    }

    /** 1 million cells. */
    public static class OneMillion extends FilledDatabase {
        /** For JMH. */
        public OneMillion() {
            super(1_000_000);
        }
    }

    /** 10 million cells. */
    public static class TenMillion extends FilledDatabase {
        /** For JMH. */
        public TenMillion() {
            super(10_000_000);
        }
    }
}
