package io.lockstep.node.server;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets change sets over which a node died be submitted again. */
@Command(
        name = "clear-poison",
        mixinStandardHelpOptions = true,
        description = {"Lets sets over which a node died be submitted again.", "The node must have stopped."})
public final class ClearPoisonCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "data folder of the stopped node")
    private Path data;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ClearPoisonCommand() {}

    @Override
    public Integer call() {
        if (!Files.isRegularFile(data.resolve(MappedCrumb.FILE_NAME))) {
            throw new CliException(
                    ExitCode.USAGE,
                    data + " is not the data folder of a node: it holds no file " + MappedCrumb.FILE_NAME);
        }
        final PrintWriter out = spec.commandLine().getOut();
        final List<String> cleared;
        try {
            cleared = MappedCrumb.clearAll(data);
        } catch (final JournalFailedException e) {
            throw new CliException(FatalExit.exitCodeOf(e), String.valueOf(e.getMessage()), e);
        }
        cleared.forEach(set -> out.println("no longer refused: " + set));
        out.println(cleared.size() + " change sets cleared");
        out.flush();
        return ExitCode.OK.code();
    }
}
