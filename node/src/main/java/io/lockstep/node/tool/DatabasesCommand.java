package io.lockstep.node.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientException;
import io.lockstep.client.NodeDatabases;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep databases}: lists the databases of a node. */
@Command(
        name = "databases",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the databases of a node.",
            "One a line: name, sequence, live cells, bytes of memory, sessions that have it open, and whether its state "
                    + "is in memory. Only those that the token may open. Needs the admin permission."
        })
public final class DatabasesCommand implements Callable<Integer> {
    private static final String ROW = "%-32s %14s %14s %16s %9s  %s%n";

    @Option(names = "--from", required = true, paramLabel = "HOST:PORT", description = "Where the node listens.")
    private String from;

    @Option(names = "--json", description = "As JSON lines, one object a database.")
    private boolean json;

    @Mixin
    private ConnectionOptions connection;

    private final OutputStream out;

    /** For picocli. */
    public DatabasesCommand() {
        this(Pipe.standardOutput(), System.err);
    }

    /**
     * A command that writes elsewhere.
     *
     * @param out gets the list
     * @param err unused: what goes wrong is thrown
     */
    DatabasesCommand(final OutputStream out, final PrintStream err) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        final HostPort node = Arguments.address("--from", from);
        try (BlockingClient client = BlockingClient.connect(connection.context(node, "databases"))) {
            final List<NodeDatabases.Entry> databases = NodeDatabases.of(client);
            out.write((json ? jsonOf(databases) : tableOf(databases)).getBytes(StandardCharsets.UTF_8));
            out.flush();
            return ExitCode.OK.code();
        } catch (final ClientException e) {
            throw connection.refused("listing the databases at " + node, e.code(), e.getMessage());
        }
    }

    static String jsonOf(final List<NodeDatabases.Entry> databases) throws IOException {
        final StringWriter text = new StringWriter();
        for (final NodeDatabases.Entry each : databases) {
            try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
                generator.writeStartObject();
                generator.writeStringField("name", each.name());
                generator.writeNumberField("databaseId", each.databaseId());
                generator.writeNumberField("sequence", each.sequence());
                generator.writeNumberField("cells", each.cells());
                generator.writeNumberField("bytes", each.resident() ? each.bytes() : 0);
                generator.writeNumberField("bytesWhenResident", each.bytes());
                generator.writeNumberField("sessions", each.sessions());
                generator.writeBooleanField("resident", each.resident());
                generator.writeEndObject();
            }
            text.append('\n');
        }
        return text.toString();
    }

    static String tableOf(final List<NodeDatabases.Entry> databases) {
        final StringBuilder text =
                new StringBuilder(String.format(ROW, "name", "sequence", "cells", "bytes", "sessions", "memory"));
        for (final NodeDatabases.Entry each : databases) {
            text.append(String.format(
                    ROW,
                    each.name(),
                    String.format("%,d", each.sequence()),
                    String.format("%,d", each.cells()),
                    each.resident() ? String.format("%,d", each.bytes()) : "-",
                    String.format("%,d", each.sessions()),
                    each.resident() ? "resident" : "not resident"));
        }
        return text.toString();
    }
}
