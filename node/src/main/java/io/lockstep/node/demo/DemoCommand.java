package io.lockstep.node.demo;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.demo.GitHistory.NoHistoryException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the main job on real input, and proves it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Kills a node under load and proves that nothing is lost.",
            "Starts a node, sends the git history of this checkout as change sets through concurrent "
                    + "sessions, kills the node in the middle of it, restarts it, and proves that coordinator, "
                    + "replicas and git agree file by file."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final long SEED = 1;

    @Option(names = "--git", paramLabel = "DIR", description = "a git repository; default: this checkout")
    private Path git;

    @Option(names = "--sets", paramLabel = "N", description = "at least so many change sets (default: 20000)")
    private int sets = Demo.SETS_MIN;

    @Option(names = "--seconds", paramLabel = "N", description = "so long the load lasts (default: 16)")
    private int seconds = Demo.LOAD_SECONDS;

    @Option(names = "--durability", paramLabel = "LEVEL", description = "journaled or synced (default: synced)")
    private String durability = "synced";

    @Option(names = "--keep", description = "keeps data folder and log of the node")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws IOException {
        if (!List.of("journaled", "synced").contains(durability)) {
            throw new ParameterException(
                    spec.commandLine(), "--durability '" + durability + "' is neither journaled nor synced");
        }
        if (sets < 1 || sets > 1_000_000) {
            throw new ParameterException(spec.commandLine(), "--sets " + sets + " is outside 1 to 1000000");
        }
        if (seconds < 1 || seconds > 3_600) {
            throw new ParameterException(spec.commandLine(), "--seconds " + seconds + " is outside 1 to 3600");
        }
        final PrintStream err = System.err;
        final DemoProgress progress = new DemoProgress(err, Boolean.getBoolean("lockstep.terminal"));
        final History history = history(progress);
        final DemoPlan plan = new DemoPlan(history, sets, System.currentTimeMillis());
        final Path folder = Files.createTempDirectory("lockstep-demo-");
        boolean finished = false;
        try (Demo demo = new Demo(plan, folder, durability, seconds, progress)) {
            demo.run();
            final PrintWriter out = spec.commandLine().getOut();
            DemoReport.print(out, history, plan, demo, durability);
            finished = demo.proof().holds();
        } finally {
            progress.end();
            if (keep || !finished) {
                progress.event("data folder and log of the node are in " + folder);
            } else {
                delete(folder);
            }
        }
        return finished ? ExitCode.OK.code() : ExitCode.CHECK_FAILED.code();
    }

    private History history(final DemoProgress progress) {
        final Path folder = git != null ? git : Path.of(System.getProperty("lockstep.root", "."));
        try {
            final History history = new GitHistory(folder.toAbsolutePath().normalize()).read();
            progress.event("input: " + history.description());
            return history;
        } catch (final NoHistoryException e) {
            if (git != null) {
                throw new CliException(
                        ExitCode.USAGE, "--git " + git + " must be the root of a git repository: " + e.getMessage(), e);
            }
            final History history = BuiltInHistory.make(SEED, System.currentTimeMillis());
            progress.event("no git history here (" + e.getMessage() + "); using " + history.description());
            return history;
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
