package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Generates load and measures throughput and latency. */
@Command(name = "bench", description = "Generates load and measures throughput and latency.")
public final class BenchCommand implements Callable<Integer> {
    /** For picocli. */
    public BenchCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
