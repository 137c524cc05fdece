package io.lockstep.node.tool;

import io.lockstep.client.model.Key;
import io.lockstep.client.model.TableFilter;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.json.BadInputException;
import io.lockstep.node.json.ValueJson;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which part of a database a command is about. */
public final class FilterOptions {
    @Option(
            names = "--table",
            paramLabel = "GLOB",
            description =
                    "Only these tables: * stands for any characters, ? for one; matched against the table's name and"
                            + " against SCHEMA.TABLE. May be given several times (default: all).")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--key-prefix",
            paramLabel = "JSON",
            description = "Only rows whose primary key starts with these parts: a JSON array in the form of the"
                    + " deliveries, such as '[{\"integer\":\"7\"}]'.")
    private String keyPrefix;

    /** For picocli. */
    public FilterOptions() {}

    /**
     * The filters.
     *
     * @return none for everything
     * @throws CliException with {@link ExitCode#USAGE}
     */
    List<TableFilter> filters() {
        if (tables.isEmpty() && keyPrefix == null) {
            return TableFilter.ALL;
        }
        final Key prefix = keyPrefix == null ? null : key();
        final List<TableFilter> filters = new ArrayList<>();
        for (final String table : tables.isEmpty() ? List.of("*") : tables) {
            filters.add(Arguments.of("--table", () -> TableFilter.of(table, prefix)));
        }
        return filters;
    }

    private Key key() {
        try {
            return ValueJson.parseKey(keyPrefix, "--key-prefix");
        } catch (final BadInputException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage(), e);
        }
    }
}
