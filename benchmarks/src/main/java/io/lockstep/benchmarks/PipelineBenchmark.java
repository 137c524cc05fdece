package io.lockstep.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ring through all stages on one thread, over a journal in memory: publish, arbitrate, record, seal, append, commit,
 * egress. Every set is accepted and overwrites rows that are there. One operation is one change set.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class PipelineBenchmark {
    private static final int SETS = 256;

    private PipelineNode ofOneChange;
    private PipelineNode ofTenChanges;

    /** Makes the nodes. */
    @Setup
    public void setUp() {
        ofOneChange = new PipelineNode(10_000, 1);
        ofTenChanges = new PipelineNode(10_000, 10);
    }

    /** Gives their memory back. */
    @TearDown
    public void tearDown() {
        ofOneChange.close();
        ofTenChanges.close();
    }

    /** Sets of one change. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    @Budget(nsPerOp = 1_000)
    public void singleChange() {
        ofOneChange.run(SETS);
    }

    /** Sets of ten changes. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    @Budget(nsPerOp = 5_000)
    public void tenChanges() {
        ofTenChanges.run(SETS);
    }
}
