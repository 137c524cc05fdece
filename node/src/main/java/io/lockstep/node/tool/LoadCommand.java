package io.lockstep.node.tool;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.cli.NamedOutput;
import io.lockstep.node.cli.OutputException;
import io.lockstep.node.json.BadInputException;
import io.lockstep.node.json.JsonLineWriter;
import io.lockstep.node.json.LineReader;
import io.lockstep.node.json.Names;
import io.lockstep.node.tool.load.FileOrder;
import io.lockstep.node.tool.load.Loader;
import io.lockstep.node.tool.load.SetSource;
import io.lockstep.node.tool.load.ShuffledOrder;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep load}: sends change sets in JSON lines and tells what became of them. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Sends change sets and tells what became of them.",
            "Reads a JSON object a line: {site, wall, counter, changes[], migrations[]} as a step of the "
                    + "conformance vectors, or as watch writes them. Each site goes to one of the connections. Goes on through a restart of "
                    + "the node. Ends with a JSON summary on standard output, and with 3 when some sets were refused."
        })
public final class LoadCommand implements Callable<Integer> {
    private static final int CONNECTIONS_MAX = 1_024;
    private static final int IN_FLIGHT_MAX = 1 << 20;
    private static final int RATE_MAX = 100_000_000;
    private static final String ROW_POLICIES = "last-writer-wins, delete-wins";
    private static final String KEY_FORMS = "typed, quereus";

    @Parameters(paramLabel = "FILE|-", description = "JSON lines, plain or gzip; - for standard input.")
    private String file;

    @Option(names = "--to", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String to;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Made if it is not there.")
    private String database;

    @Option(names = "--row-policy", paramLabel = "POLICY", description = ROW_POLICIES + "; of a database that is made.")
    private String rowPolicy;

    @Option(names = "--key-form", paramLabel = "FORM", description = KEY_FORMS + "; of a database that is made.")
    private String keyForm;

    @Option(names = "--connections", paramLabel = "N", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 1;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Unanswered sets in all (default: ${DEFAULT-VALUE}).")
    private int inFlight = 1_024;

    @Option(names = "--shuffle", paramLabel = "SEED", description = "All sets in an order that the seed decides.")
    private Long shuffle;

    @Option(
            names = "--rate",
            paramLabel = "SETS_PER_SECOND",
            description = "At most this many sets a second (default: as many as are answered).")
    private Long rate;

    @Option(names = "--acks", paramLabel = "FILE", description = "A JSON line for each answer, when it arrives.")
    private String acks;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;
    private final PrintStream err;

    /** For picocli. */
    public LoadCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the summary
     * @param err gets progress and refusals
     */
    LoadCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws OutputException {
        final HostPort node = Arguments.address("--to", to);
        Arguments.range("--connections", connections, 1, CONNECTIONS_MAX);
        Arguments.range("--in-flight", inFlight, connections, IN_FLIGHT_MAX);
        Arguments.require(
                rate == null || (rate > 0 && rate <= RATE_MAX),
                "--rate=" + rate + " is not a number from 1 to " + RATE_MAX
                        + "; leave it out to send as fast as the node answers");
        final RowPolicy policy = rowPolicy == null
                ? RowPolicy.LAST_WRITER_WINS
                : Arguments.known("--row-policy", rowPolicy, Names.rowPolicy(rowPolicy), ROW_POLICIES);
        final KeyForm form = keyForm == null
                ? KeyForm.TYPED
                : Arguments.known("--key-form", keyForm, Names.keyForm(keyForm), KEY_FORMS);
        final DatabaseOptions create =
                Arguments.of("--database", () -> DatabaseOptions.createIfMissing(database, policy, form));
        // An existing database is taken as it is, unless the user says what it must be.
        final boolean asItIs = rowPolicy == null && keyForm == null;
        final DatabaseOptions open = asItIs ? DatabaseOptions.existing(database) : create;
        final Reach reach = connection.reach(node, err);
        try (Interrupt interrupt = new Interrupt();
                Loader loader =
                        new Loader(source(), acksWriter(), rate == null ? 0 : rate, reach::onLost, this::tell)) {
            loader.connect(connections, context(node), open, asItIs ? create : null);
            return run(loader, reach, interrupt);
        } catch (final BadInputException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage(), e);
        } catch (final ClientException e) {
            throw connection.refused("loading into database=" + database + " at " + node, e.code(), e.getMessage());
        } catch (final OutputException e) {
            throw e;
        } catch (final IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private int run(final Loader loader, final Reach reach, final Interrupt interrupt) throws IOException {
        final long startNs = System.nanoTime();
        final LoadProgress progress = new LoadProgress(loader, startNs, err);
        try {
            drive(loader, reach, progress, interrupt);
        } catch (final BadInputException e) {
            // What stands before the bad line was sent, or will be: its answers are waited for and counted.
            loader.stopReading();
            drive(loader, reach, progress, interrupt);
            summarise(loader, reach, startNs);
            throw e;
        } catch (final ClientException | CliException e) {
            summarise(loader, reach, startNs);
            throw e;
        } finally {
            progress.clear();
        }
        if (!loader.isDone()) {
            tell("lockstep: interrupted: sets=" + loader.tally().sets() + " were read, answered="
                    + loader.tally().answered() + "; load the file again: a set that the node has is taken once");
        }
        loader.tally().write(out, System.nanoTime() - startNs);
        return (loader.tally().rejected() == 0 ? ExitCode.OK : ExitCode.REFUSED).code();
    }

    /** After a failure: without a word when nothing was sent. */
    private void summarise(final Loader loader, final Reach reach, final long startNs) throws IOException {
        if (reach.everReached() && loader.tally().sets() > 0) {
            loader.tally().write(out, System.nanoTime() - startNs);
        }
    }

    private static void drive(
            final Loader loader, final Reach reach, final LoadProgress progress, final Interrupt interrupt)
            throws IOException {
        while (!loader.isDone() && !interrupt.isAsked()) {
            final long nowNs = System.nanoTime();
            loader.work(nowNs);
            reach.check(loader.isConnected(), nowNs);
            progress.show(nowNs);
        }
    }

    private void tell(final String message) {
        err.println(message);
    }

    private ClientContext context(final HostPort node) {
        return connection.context(node, "load").inFlightMax(inFlight / connections);
    }

    private SetSource source() throws IOException {
        final LineReader reader = LineReader.open(file);
        return shuffle == null ? new FileOrder(reader) : new ShuffledOrder(reader, shuffle);
    }

    private JsonLineWriter acksWriter() {
        if (acks == null) {
            return null;
        }
        try {
            return new JsonLineWriter(
                    new BufferedOutputStream(new NamedOutput(new FileOutputStream(acks), "--acks=" + acks)));
        } catch (final IOException e) {
            throw new CliException(ExitCode.USAGE, "--acks=" + acks + " cannot be written: " + e.getMessage(), e);
        }
    }
}
