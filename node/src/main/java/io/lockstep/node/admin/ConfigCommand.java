package io.lockstep.node.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.config.ConfigFlags;
import io.lockstep.node.config.ConfigLoader;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.Setting;
import io.lockstep.node.config.SettingType;
import io.lockstep.node.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints every setting with its value and where that came from. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Prints every setting, its value and where that came from.")
public final class ConfigCommand implements Callable<Integer> {
    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Option(
            names = "--check",
            paramLabel = "FILE",
            description = "checks this file as serve --config would take it, prints only what is wrong, and exits "
                    + "with 0 or 2")
    private Path check;

    @Option(names = "--markdown", hidden = true, description = "the table of docs/operations.md")
    private boolean markdown;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ConfigCommand() {}

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        if (check != null) {
            return check();
        }
        if (markdown) {
            out.print(markdownTable());
        } else {
            final NodeConfig config = config(
                    ConfigFlags.gather(spec, System.getenv(), spec.commandLine().getErr()));
            out.print(json ? jsonOf(config) : textOf(config));
        }
        out.flush();
        return ExitCode.OK.code();
    }

    /** With environment and flags, as a node would take them together. */
    private int check() {
        final PrintWriter err = spec.commandLine().getErr();
        final List<String> problems = new ArrayList<>();
        try {
            ConfigFlags.gather(new ConfigLoader().file(check, problems::add), spec, System.getenv(), err)
                    .examine(problems::add);
        } catch (final CliException e) {
            problems.add(e.getMessage());
        }
        problems.forEach(problem -> err.println("lockstep: " + LogText.safe(problem)));
        err.flush();
        return (problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE).code();
    }

    private NodeConfig config(final ConfigLoader loader) {
        final PrintWriter err = spec.commandLine().getErr();
        return loader.examine(problem -> err.println("lockstep: serve would not start with this: " + problem));
    }

    private static String textOf(final NodeConfig config) {
        final StringBuilder text = new StringBuilder(8_192);
        text.append("# Every setting of a node. The name is a line 'name = value' in a file, LOCKSTEP_NAME in the\n")
                .append(
                        "# environment (upper case, underscores) and --name as a flag; each is stronger than the one before.\n");
        for (final Setting setting : Settings.all()) {
            text.append("\n# ").append(setting.description());
            text.append("\n# ").append(setting.type().range());
            text.append(setting.defaultText().isEmpty() ? "" : ", by default " + setting.defaultText());
            text.append("\n# a client sees: ").append(setting.seen());
            text.append("\n# why: ").append(setting.why()).append('\n');
            final String assignment = setting.key() + " = " + shown(setting, config.text(setting));
            text.append(config.has(setting) ? "" : "# ").append(assignment);
            text.append("    # ")
                    .append(config.has(setting) ? config.origin(setting) : "not set")
                    .append('\n');
        }
        return text.toString();
    }

    private static String shown(final Setting setting, final String value) {
        return setting.type() instanceof SettingType.Amount amount && !value.isEmpty()
                ? amount.unit().format(Long.parseLong(value))
                : value;
    }

    private static String jsonOf(final NodeConfig config) throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            generator.writeStartArray();
            for (final Setting setting : Settings.all()) {
                generator.writeStartObject();
                generator.writeStringField("name", setting.key());
                if (setting.type() instanceof SettingType.Amount) {
                    generator.writeNumberField("value", config.number(setting));
                } else {
                    generator.writeStringField("value", config.text(setting));
                }
                generator.writeStringField("origin", config.has(setting) ? config.origin(setting) : "not set");
                generator.writeStringField("environment", setting.environmentName());
                generator.writeStringField("range", setting.type().range());
                generator.writeStringField("default", setting.defaultText());
                generator.writeStringField("description", setting.description());
                generator.writeStringField("seenByClients", setting.seen());
                generator.writeStringField("why", setting.why());
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
        return text.append('\n').toString();
    }

    /**
     * The settings as the table of docs/operations.md; a test compares the two.
     *
     * @return Markdown
     */
    public static String markdownTable() {
        final StringBuilder text = new StringBuilder(8_192);
        text.append(
                "| setting | values | default | what it does | a client sees | why so |\n| --- | --- | --- | --- | --- | --- |\n");
        for (final Setting setting : Settings.all()) {
            text.append("| `")
                    .append(setting.key())
                    .append("` | ")
                    .append(setting.type().range())
                    .append(" | ");
            text.append(setting.defaultText())
                    .append(" | ")
                    .append(setting.description())
                    .append(" | ");
            text.append(setting.seen()).append(" | ").append(setting.why()).append(" |\n");
        }
        return text.toString();
    }
}
