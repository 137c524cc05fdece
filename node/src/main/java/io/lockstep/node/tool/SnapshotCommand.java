package io.lockstep.node.tool;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.TableFilter;
import io.lockstep.codec.ErrorCode;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.json.JsonLineWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep snapshot}: the state of a database out of the newest snapshot. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a database out of the node's newest snapshot.",
            "A JSON line a cell on standard output, as dump writes them, and on standard error {\"sequence\": S, "
                    + "\"exactSequence\": E, …}. Costs the node's other clients nothing, and holds nothing in memory. The "
                    + "cells are no moment of the state: with the effects of the sequences after S up to E (watch "
                    + "--since S) they are the state at E. With --output, a run that was cut short is gone on with by "
                    + "the same command."
        })
public final class SnapshotCommand implements Callable<Integer> {
    @Option(names = "--from", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String from;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Which database.")
    private String database;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Writes the cells there. Keeps how far it is in FILE.checkpoint until it is whole; goes on "
                    + "from there if that file exists.")
    private Path output;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;
    private final PrintStream err;

    /** For picocli. */
    public SnapshotCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the cells
     * @param err gets progress and the end
     */
    SnapshotCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        final HostPort node = Arguments.address("--from", from);
        final DatabaseOptions options = Arguments.of("--database", () -> DatabaseOptions.existing(database));
        final List<TableFilter> filters = filter.filters();
        if (output == null) {
            return read(node, options, filters, null);
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            return read(node, options, filters, file);
        }
    }

    private int read(
            final HostPort node,
            final DatabaseOptions options,
            final List<TableFilter> filters,
            final SnapshotFile file)
            throws IOException {
        try (BlockingClient client = BlockingClient.connect(connection.context(node, "snapshot"))) {
            client.openDatabase(options);
            final SnapshotPrinter printer = new SnapshotPrinter(
                    new JsonLineWriter(file == null ? out : file.stream()), file, err, System.nanoTime());
            final SnapshotPage last =
                    client.readSnapshot(filters, file == null ? Checkpoint.START : file.start(), printer);
            if (last == null) {
                throw new CliException(
                        ExitCode.NODE_REFUSED,
                        ErrorCode.NO_SNAPSHOT + ": no snapshot of " + node + " holds database=" + database
                                + " yet; dump reads it all the same");
            }
            if (file != null) {
                file.end();
            }
            printer.end(last);
            return ExitCode.OK.code();
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        } catch (final ClientException e) {
            throw connection.refused(
                    "reading a snapshot of database=" + database + " from " + node, e.code(), e.text());
        }
    }
}
