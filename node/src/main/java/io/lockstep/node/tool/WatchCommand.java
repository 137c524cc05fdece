package io.lockstep.node.tool;

import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.TableFilter;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.json.JsonLineWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep watch}: deliveries as JSON lines, in order, across reconnects. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the deliveries of a database after a sequence.",
            "All of it, or some tables and rows: --table and --key-prefix. A JSON line each, in order, each once, for ever or until --count of them came. Reconnects, and "
                    + "goes on after the last one written."
        })
public final class WatchCommand implements Callable<Integer> {
    private static final long AWAIT_NS = 100_000_000L;

    @Option(names = "--from", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String from;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Which database.")
    private String database;

    @Option(
            names = "--since",
            paramLabel = "SEQUENCE",
            description = "After this sequence; 0, the default: from the beginning.")
    private long since;

    @Option(names = "--count", paramLabel = "N", description = "End after this many deliveries.")
    private long count = Long.MAX_VALUE;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;
    private final PrintStream err;

    /** For picocli. */
    public WatchCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the deliveries
     * @param err is told when the node is out of reach
     */
    WatchCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        final HostPort node = Arguments.address("--from", from);
        final DatabaseOptions options = Arguments.of("--database", () -> DatabaseOptions.existing(database));
        Arguments.range("--since", since, 0, Long.MAX_VALUE);
        Arguments.range("--count", count, 0, Long.MAX_VALUE);
        final List<TableFilter> filters = filter.filters();
        if (count == 0) {
            return ExitCode.OK.code();
        }
        final Reach reach = connection.reach(node, err);
        final String doing = "watching database=" + database + " at " + node;
        final DeliveryPrinter printer = new DeliveryPrinter(
                new JsonLineWriter(out), count, reach, (code, text) -> connection.refused(doing, code, text));
        try (LockstepClient client = new LockstepClient(connection.context(node, "watch"), printer)) {
            client.openDatabase(options);
            client.subscribe(Cursor.after(database, since), false, filters);
            follow(client, printer, reach);
        }
        return ExitCode.OK.code();
    }

    private static void follow(final LockstepClient client, final DeliveryPrinter printer, final Reach reach)
            throws IOException {
        while (!printer.isDone()) {
            final int work = client.poll();
            printer.flush();
            printer.throwFailure();
            reach.check(client.isConnected(), System.nanoTime());
            if (work == 0 && !printer.isDone()) {
                client.await(AWAIT_NS);
            }
        }
    }
}
