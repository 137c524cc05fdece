package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Sends change sets in JSON lines to a node. */
@Command(name = "load", description = "Sends change sets in JSON lines to a node.")
public final class LoadCommand implements Callable<Integer> {
    /** For picocli. */
    public LoadCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
