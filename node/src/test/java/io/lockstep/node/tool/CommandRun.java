package io.lockstep.node.tool;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.OutputException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;

/**
 * Runs a command in this process.
 *
 * @param code what the process would have exited with
 * @param out standard output
 * @param err standard error, the reason of a failure included
 */
record CommandRun(int code, String out, String err) {
    static CommandRun of(
            final BiFunction<OutputStream, PrintStream, Callable<Integer>> command, final String... arguments) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        final CommandLine line = new CommandLine(command.apply(out, errStream));
        line.setExecutionExceptionHandler((failure, commandLine, parsed) -> {
            if (failure instanceof CliException known) {
                errStream.println(known.getMessage());
                return known.exitCode().code();
            }
            final OutputException unwritten = OutputException.in(failure);
            if (unwritten != null) {
                errStream.println(unwritten.getMessage());
                return ExitCode.OUTPUT_FAILED.code();
            }
            throw failure;
        });
        final int code = line.execute(arguments);
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
