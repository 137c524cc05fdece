package io.lockstep.node.tool;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.config.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep prune}: forgets old tombstones of a database. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = {
            "Forgets deletes of a database that are old.",
            "Tombstones that were set longer ago than the horizon go, and what is written later with a clock below "
                    + "theirs is answered with too-late: a client that was offline longer than the horizon keeps such "
                    + "sets and decides anew. No live cell changes. Needs the admin permission."
        })
public final class PruneCommand implements Callable<Integer> {
    @Option(names = "--from", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String from;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Which database.")
    private String database;

    @Option(
            names = "--horizon",
            paramLabel = "TIME",
            defaultValue = "400d",
            description = "How long deletes are remembered, for example 30d or 12h (default: ${DEFAULT-VALUE}).")
    private String horizon;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;

    /** For picocli. */
    public PruneCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the answer
     * @param err unused: what goes wrong is thrown
     */
    PruneCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        final HostPort node = Arguments.address("--from", from);
        final DatabaseOptions options = Arguments.of("--database", () -> DatabaseOptions.existing(database));
        final long horizonMs = Arguments.of("--horizon", () -> Unit.MILLIS.parse(horizon));
        try (BlockingClient client = BlockingClient.connect(connection.context(node, "prune"))) {
            client.openDatabase(options);
            final long pruned = client.prune(horizonMs);
            final String line = json
                    ? "{\"pruned\": " + pruned + ", \"horizonMs\": " + horizonMs + "}"
                    : pruned + " tombstones of " + database + " are forgotten";
            out.write((line + '\n').getBytes(StandardCharsets.UTF_8));
            out.flush();
            return ExitCode.OK.code();
        } catch (final ClientException e) {
            throw connection.refused("pruning database=" + database + " at " + node, e.code(), e.getMessage());
        }
    }
}
