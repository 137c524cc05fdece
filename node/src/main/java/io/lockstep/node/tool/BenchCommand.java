package io.lockstep.node.tool;

import io.lockstep.codec.Durability;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.Credentials;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.process.NodeProcess;
import io.lockstep.node.tool.bench.BenchEnvironment;
import io.lockstep.node.tool.bench.BenchException;
import io.lockstep.node.tool.bench.BenchPlan;
import io.lockstep.node.tool.bench.BenchReport;
import io.lockstep.node.tool.bench.EmbeddedBench;
import io.lockstep.node.tool.bench.LoadResult;
import io.lockstep.node.tool.bench.SyncBaseline;
import io.lockstep.node.tool.bench.TcpBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep bench}: load, and what the transport and the disk cost alone. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures throughput and latency.",
            "In a closed loop, or with --rate in an open loop, where latency counts from when a set was "
                    + "due. Measures the bare echo over the same transport and a bare sync of the same folder in the "
                    + "same run. Without --to and --embedded it starts a node of its own in a new folder. "
                    + "It does not speak TLS."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final long BASELINE_MS_MAX = 5_000;
    private static final long SYNC_MS_MAX = 2_000;
    private static final String DURABILITIES = "journaled, synced";
    private static final String CLEAR_LINE = "\r\u001b[K";

    @Option(names = "--to", paramLabel = "HOST:PORT", description = "A running node; uses a new database of it.")
    private String to;

    @Option(names = "--embedded", description = "No network: all stages on this thread.")
    private boolean embedded;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Makes its folder in here (default: the system's temporary folder).")
    private Path data;

    @Option(
            names = "--durability",
            paramLabel = "WHAT",
            description = DURABILITIES + "; of a node of its own (default: synced).")
    private String durability = "synced";

    @Option(names = "--connections", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = 16;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Unanswered sets in all connections together. Default: ${DEFAULT-VALUE}.")
    private int inFlight = 1_024;

    @Option(names = "--changes-per-set", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int changesPerSet = 1;

    @Option(names = "--rows", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int rows = 100_000;

    @Option(names = "--columns", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int columns = 5;

    @Option(names = "--value-bytes", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int valueBytes = 16;

    @Option(names = "--seconds", paramLabel = "N", description = "Measured. Default: ${DEFAULT-VALUE}.")
    private double seconds = 10;

    @Option(names = "--warmup-seconds", paramLabel = "N", description = "Not measured. Default: ${DEFAULT-VALUE}.")
    private double warmupSeconds = 5;

    @Option(
            names = "--rate",
            paramLabel = "SETS_PER_SECOND",
            description = "Open loop at this rate; 0, the default: closed loop.")
    private long rate;

    @Option(names = "--no-baselines", description = "Leaves out the bare echo and the bare sync.")
    private boolean noBaselines;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Bearer token, where the node asks for one (default: LOCKSTEP_TOKEN of the environment).")
    private String token = "";

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private Path folder;

    /** For picocli. */
    public BenchCommand() {}

    @Override
    public Integer call() {
        Arguments.require(to == null || !embedded, "--to and --embedded exclude each other");
        final Durability promise = Arguments.known("--durability", durability, durabilityOf(durability), DURABILITIES);
        Arguments.require(data == null || Files.isDirectory(data), "--data=" + data + " is no folder");
        final BenchPlan plan = Arguments.of("bench", () -> plan(warmupSeconds, seconds));
        try {
            folder = to == null || data != null ? temporaryFolder() : null;
            final BenchReport report = measure(plan, promise);
            System.out.println(json ? report.json() : report.text().stripTrailing());
            return (report.isValid() ? ExitCode.OK : ExitCode.CHECK_FAILED).code();
        } catch (final BenchException e) {
            throw new CliException(
                    e.isRefused() ? ExitCode.NODE_REFUSED : ExitCode.CHECK_FAILED,
                    "the measurement failed: " + e.getMessage(),
                    e);
        } catch (final IOException e) {
            final String what = to == null ? "the measurement failed: " : "cannot talk to the node at " + to + ": ";
            throw new CliException(ExitCode.UNREACHABLE, what + e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    private BenchReport measure(final BenchPlan plan, final Durability promise) throws IOException {
        SyncBaseline sync = null;
        if (!noBaselines && folder != null) {
            sync = SyncBaseline.measure(folder, Math.min(SYNC_MS_MAX, plan.measureMs()));
        }
        LoadResult echo = null;
        if (!noBaselines && !embedded) {
            final double echoSeconds = Math.min(seconds, BASELINE_MS_MAX / 1e3);
            echo = new TcpBench(plan(Math.min(warmupSeconds, echoSeconds), echoSeconds), progress("echo")).runEcho();
        }
        final BenchEnvironment environment = BenchEnvironment.here(folder);
        if (embedded) {
            final LoadResult result = new EmbeddedBench(plan, progress("embedded")).run(folder, promise);
            return new BenchReport("embedded", durability, plan, result, null, sync, environment);
        }
        final TcpBench bench = new TcpBench(plan, progress("lockstep"));
        final LoadResult result = to == null ? runOwnNode(bench) : runNode(bench, to);
        final String promised = bench.durability().name().toLowerCase(Locale.ROOT);
        final String target = to == null ? "a node of its own over TCP" : to;
        return new BenchReport(target, promised, plan, result, echo, sync, environment);
    }

    private LoadResult runOwnNode(final TcpBench bench) throws IOException {
        final Path log = folder.resolve("node.log");
        final List<String> arguments = List.of(
                "--data",
                folder.resolve("data").toString(),
                "--tcp",
                "127.0.0.1:0",
                "--durability",
                durability,
                "--auth",
                "none");
        try (NodeProcess node = NodeProcess.start(arguments, log)) {
            final LoadResult result = runNode(bench, node.address());
            node.stop();
            return result;
        }
    }

    private LoadResult runNode(final TcpBench bench, final String address) throws IOException {
        final HostPort node = Arguments.address("--to", address);
        final String database = "bench-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-"
                + ProcessHandle.current().pid();
        try {
            return bench.runNode(node.resolve(), Credentials.token(token, System.getenv()), database);
        } finally {
            clearProgress();
        }
    }

    private BenchPlan plan(final double warmup, final double measured) {
        return new BenchPlan(
                Math.min(connections, inFlight),
                inFlight,
                changesPerSet,
                rows,
                columns,
                valueBytes,
                Math.round(warmup * 1e3),
                Math.round(measured * 1e3),
                rate);
    }

    private static Durability durabilityOf(final String name) {
        return switch (name) {
            case "journaled" -> Durability.JOURNALED;
            case "synced" -> Durability.SYNCED;
            default -> null;
        };
    }

    private static LongConsumer progress(final String what) {
        if (!Pipe.isTerminalOnStandardError()) {
            return answered -> {};
        }
        return answered -> {
            System.err.print(CLEAR_LINE + what + ": " + answered + " sets answered");
            System.err.flush();
        };
    }

    private static void clearProgress() {
        if (Pipe.isTerminalOnStandardError()) {
            System.err.print(CLEAR_LINE);
            System.err.flush();
        }
    }

    private Path temporaryFolder() throws IOException {
        return data == null
                ? Files.createTempDirectory("lockstep-bench")
                : Files.createTempDirectory(data, "lockstep-bench");
    }

    private static void remove(final Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (final IOException e) {
            System.err.println("lockstep: cannot remove " + folder + ": " + e.getMessage());
        }
    }
}
