package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs conformance vectors through the real ring and stages. */
@Command(name = "vectors", description = "Runs conformance vectors through the real ring and stages.")
public final class VectorsCommand implements Callable<Integer> {
    /** For picocli. */
    public VectorsCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
