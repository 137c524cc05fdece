package io.lockstep.node.tool;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Writes the live state of a database as JSON lines. */
@Command(name = "dump", description = "Writes the live state of a database as JSON lines.")
public final class DumpCommand implements Callable<Integer> {
    /** For picocli. */
    public DumpCommand() {}

    @Override
    public Integer call() {
        return io.lockstep.node.cli.ExitCode.USAGE.code();
    }
}
