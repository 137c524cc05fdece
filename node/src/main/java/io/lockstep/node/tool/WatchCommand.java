package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Writes deliveries as JSON lines, in order. */
@Command(name = "watch", description = "Writes deliveries as JSON lines, in order.")
public final class WatchCommand implements Callable<Integer> {
    /** For picocli. */
    public WatchCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
