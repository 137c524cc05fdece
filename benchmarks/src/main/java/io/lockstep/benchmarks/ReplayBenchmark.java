package io.lockstep.benchmarks;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.ReplayProgress;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Start-up: a journal of sets of one change, read from memory, checked, arbitrated again and compared. One operation is
 * one record. What a start allocates once is spread over the records, hence a budget of bytes above 0.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:MaxDirectMemorySize=4g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class ReplayBenchmark {
    private static final int RECORDS = 500_000;
    private static final Incarnation INCARNATION = new Incarnation(1, 2);

    private MemoryJournal journal;

    /** Writes the journal. */
    @Setup
    public void setUp() {
        try (PipelineNode node = new PipelineNode(10_000, 1, MemoryJournal.selfSyncing())) {
            while (node.journal().writtenPosition() < RECORDS) {
                node.run(256);
            }
            journal = node.journal();
        }
    }

    /**
     * Replays all of it.
     *
     * @return where it ended
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    @Budget(nsPerOp = 1_000, bytesPerOp = 64)
    public RecoveredState replay() {
        try (Arbiter arbiter = PipelineNode.newArbiter(INCARNATION)) {
            return JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE);
        }
    }
}
