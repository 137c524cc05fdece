package io.lockstep.node.server;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.journal.MarkRestorer;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a lost durable mark anew. */
@Command(
        name = "restore-mark",
        mixinStandardHelpOptions = true,
        description = {
            "Goes on with a journal whose durable mark was lost.",
            "The node must have stopped. Nobody can tell any more whether the last records are all there: put the file "
                    + "or the folder back from a copy if you can. Changes nothing when the mark is sound."
        })
public final class RestoreMarkCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "data folder of the stopped node")
    private Path data;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public RestoreMarkCommand() {}

    @Override
    public Integer call() {
        StoppedFolder.check(data);
        final MarkRestorer.Restored restored;
        try {
            restored = MarkRestorer.restore(data);
        } catch (final JournalFailedException e) {
            throw new CliException(FatalExit.exitCodeOf(e), String.valueOf(e.getMessage()), e);
        }
        final PrintWriter out = spec.commandLine().getOut();
        out.println(
                restored.restored()
                        ? "durable mark written: markedPosition=" + restored.markedPosition() + ", lastPosition="
                                + restored.lastPosition() + "; records after the last one, if there were any, are lost"
                        : "the durable mark is sound: nothing to do");
        out.flush();
        return ExitCode.OK.code();
    }
}
