package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Checks the journal of a stopped node. */
@Command(name = "verify", description = "Checks the journal of a stopped node.")
public final class VerifyCommand implements Callable<Integer> {
    /** For picocli. */
    public VerifyCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
