package io.lockstep.node;

import io.lockstep.node.admin.CompletionCommand;
import io.lockstep.node.admin.ConfigCommand;
import io.lockstep.node.admin.StatusCommand;
import io.lockstep.node.admin.TokenCommand;
import io.lockstep.node.cli.BuildVersion;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.cli.NamedOutput;
import io.lockstep.node.cli.OutputException;
import io.lockstep.node.cli.Suggestions;
import io.lockstep.node.config.ConfigFlags;
import io.lockstep.node.demo.DemoCommand;
import io.lockstep.node.server.ClearPoisonCommand;
import io.lockstep.node.server.RestoreMarkCommand;
import io.lockstep.node.server.ServeCommand;
import io.lockstep.node.server.WarmUpCommand;
import io.lockstep.node.tool.BenchCommand;
import io.lockstep.node.tool.DatabasesCommand;
import io.lockstep.node.tool.DumpCommand;
import io.lockstep.node.tool.LoadCommand;
import io.lockstep.node.tool.PruneCommand;
import io.lockstep.node.tool.SnapshotCommand;
import io.lockstep.node.tool.VectorsCommand;
import io.lockstep.node.tool.VerifyCommand;
import io.lockstep.node.tool.WatchCommand;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the command line. */
@Command(
        name = "lockstep",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "A sync coordinator: one order, deterministic arbitration, durable delivery.")
public final class LockstepCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /**
     * Runs a command and ends the process with its code.
     *
     * @param args the command line
     */
    public static void main(final String[] args) {
        final NamedOutput output = NamedOutput.standardOutput();
        final PrintStream printed = new PrintStream(new BufferedOutputStream(output), true);
        System.setOut(printed);
        final CommandLine commandLine = commandLine();
        final int code = executed(commandLine, args);
        printed.flush();
        System.exit(concluded(code, output.failure(), commandLine.getErr()));
    }

    /** An error too ends the process: threads that had already begun would keep it, ready for nothing. */
    private static int executed(final CommandLine commandLine, final String... args) {
        try {
            return commandLine.execute(args);
        } catch (final Error e) {
            e.printStackTrace(commandLine.getErr());
            return ExitCode.INTERNAL.code();
        }
    }

    /** Printing swallows what goes wrong: a success that nobody could read of is none. */
    static int concluded(final int code, final OutputException failure, final PrintWriter err) {
        if (failure == null) {
            return code;
        }
        if (!failure.isBrokenPipe()) {
            err.println("lockstep: " + failure.getMessage());
        }
        return code == ExitCode.OK.code() ? ExitCode.OUTPUT_FAILED.code() : code;
    }

    /**
     * The whole command line, ready to execute.
     *
     * @return a new one
     */
    public static CommandLine commandLine() {
        final CommandLine commandLine = new CommandLine(new LockstepCommand());
        commandLine
                .addSubcommand(ConfigFlags.withFlags(new ServeCommand()))
                .addSubcommand(new DemoCommand())
                .addSubcommand(new StatusCommand())
                .addSubcommand(new LoadCommand())
                .addSubcommand(new DumpCommand())
                .addSubcommand(new WatchCommand())
                .addSubcommand(new DatabasesCommand())
                .addSubcommand(new PruneCommand())
                .addSubcommand(new SnapshotCommand())
                .addSubcommand(new VectorsCommand())
                .addSubcommand(new VerifyCommand())
                .addSubcommand(new BenchCommand())
                .addSubcommand(ConfigFlags.withFlags(new ConfigCommand()))
                .addSubcommand(new TokenCommand())
                .addSubcommand(new ClearPoisonCommand())
                .addSubcommand(new RestoreMarkCommand())
                .addSubcommand(new WarmUpCommand())
                .addSubcommand(new CompletionCommand());
        final Map<String, String> codes = new LinkedHashMap<>();
        for (final ExitCode code : ExitCode.values()) {
            codes.put(Integer.toString(code.code()), code.meaning());
        }
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("Exit codes:%n")
                .exitCodeList(codes);
        commandLine.setParameterExceptionHandler(LockstepCommand::onWrongUse);
        commandLine.setExecutionExceptionHandler(LockstepCommand::onFailure);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        return commandLine;
    }

    /** Without the help, which would push the message off the screen. */
    private static int onWrongUse(final ParameterException wrong, final String... args) {
        final CommandLine command = wrong.getCommandLine();
        final PrintWriter err = command.getErr();
        err.println("lockstep: " + LogText.safe(String.valueOf(wrong.getMessage())));
        final List<String> meant = wrong instanceof UnmatchedArgumentException unmatched
                ? Suggestions.of(command.getCommandSpec(), unmatched)
                : Suggestions.of(command.getCommandSpec(), args);
        if (!meant.isEmpty()) {
            err.println("did you mean " + String.join(" or ", meant) + "?");
        }
        final String name =
                command.getCommandSpec().root() == command.getCommandSpec() ? "" : command.getCommandName() + " ";
        err.println("see './lockstep " + name + "--help'");
        return ExitCode.USAGE.code();
    }

    private static int onFailure(final Exception failure, final CommandLine commandLine, final ParseResult parsed)
            throws Exception {
        final OutputException unwritten = OutputException.in(failure);
        if (unwritten != null) {
            return concluded(ExitCode.OK.code(), unwritten, commandLine.getErr());
        }
        if (failure instanceof CliException known) {
            commandLine.getErr().println("lockstep: " + known.getMessage());
            return known.exitCode().code();
        }
        failure.printStackTrace(commandLine.getErr());
        return ExitCode.INTERNAL.code();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: "
                        + spec.subcommands().entrySet().stream()
                                .filter(each -> !each.getValue()
                                        .getCommandSpec()
                                        .usageMessage()
                                        .hidden())
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(", ")));
    }
}
