package io.lockstep.node.tool;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.json.JsonLineWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep dump}: the live state at exactly one sequence, checked against the node's digest. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the live state of a database.",
            "A JSON line a cell on standard output, and on standard error {\"sequence\": N, \"digest\": "
                    + "\"…\"}, the sequence that the state is exact at. The whole state is held in memory, and its "
                    + "digest must equal the node's."
        })
public final class DumpCommand implements Callable<Integer> {
    /** Codes from here on are the client's own: the node did not answer. */
    private static final int OWN_CODES_MIN = 1_000;

    private static final long RETRY_NS = 200_000_000L;

    @Option(names = "--from", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String from;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Which database.")
    private String database;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;
    private final PrintStream err;

    /** For picocli. */
    public DumpCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the cells
     * @param err gets sequence and digest
     */
    DumpCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        final HostPort node = Arguments.address("--from", from);
        final DatabaseOptions options = Arguments.of("--database", () -> DatabaseOptions.existing(database));
        try (BlockingClient client = connect(node)) {
            client.openDatabase(options);
            final Replica replica = client.readState();
            final Digest128 digest = replica.digest(replica.cursor().incarnation());
            write(replica);
            err.println("{\"sequence\": " + replica.cursor().sequence() + ", \"digest\": \"" + digest + "\"}");
            return ExitCode.OK.code();
        } catch (final ClientException e) {
            throw connection.refused("reading database=" + database + " from " + node, e.code(), e.getMessage());
        }
    }

    private BlockingClient connect(final HostPort node) {
        final ClientContext context = connection.context(node, "dump");
        final Reach reach = connection.reach(node, err);
        while (true) {
            try {
                return BlockingClient.connect(context);
            } catch (final ClientException e) {
                if (e.code() < OWN_CODES_MIN) {
                    throw e;
                }
                reach.onLost(e.getMessage());
            }
            reach.check(false, System.nanoTime());
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private void write(final Replica replica) throws IOException {
        final JsonLineWriter writer = new JsonLineWriter(out);
        for (final Cell cell : replica.cells()) {
            writer.cell(cell);
        }
        writer.flush();
    }
}
