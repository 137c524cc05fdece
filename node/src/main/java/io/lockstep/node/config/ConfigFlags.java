package io.lockstep.node.config;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes a flag of every setting, and reads them back together with file and environment. */
public final class ConfigFlags {
    private static final String CONFIG_FLAG = "--config";
    private static final String CONFIG_ENVIRONMENT_NAME = "LOCKSTEP_CONFIG";

    private ConfigFlags() {}

    /**
     * Adds a flag a setting, and --config.
     *
     * @param command a picocli command
     * @return its command line
     */
    public static CommandLine withFlags(final Object command) {
        final CommandLine commandLine = new CommandLine(command);
        final CommandSpec spec = commandLine.getCommandSpec();
        spec.addOption(OptionSpec.builder(CONFIG_FLAG)
                .type(String.class)
                .paramLabel("FILE")
                .description("file of lines 'name = value'; flags and environment are stronger")
                .build());
        for (final Setting setting : Settings.all()) {
            final String byDefault = setting.defaultText().isEmpty() ? "" : " (default: " + setting.defaultText() + ")";
            final OptionSpec.Builder option = OptionSpec.builder("--" + setting.key())
                    .type(String.class)
                    .paramLabel("VALUE")
                    .description(
                            setting.description() + " Values: " + setting.type().range() + byDefault);
            if (setting.equals(Settings.PLAINTEXT)) {
                option.arity("0..1").fallbackValue("true");
            }
            spec.addOption(option.build());
        }
        return commandLine;
    }

    /**
     * Reads the settings of a parsed command.
     *
     * @param spec the command, parsed
     * @param environment names and values
     * @param err gets warnings
     * @return the settings, not yet checked against one another
     */
    public static ConfigLoader gather(
            final CommandSpec spec, final Map<String, String> environment, final PrintWriter err) {
        final ConfigLoader loader = new ConfigLoader();
        final String file = spec.optionsMap().get(CONFIG_FLAG).getValue();
        final String path = file != null ? file : environment.get(CONFIG_ENVIRONMENT_NAME);
        if (path != null && !path.isEmpty()) {
            loader.file(Path.of(path));
        }
        return gather(loader, spec, environment, err);
    }

    /**
     * Adds environment and flags to what was read of a file.
     *
     * @param loader with the file's settings, or none
     * @param spec the command, parsed
     * @param environment names and values
     * @param err gets warnings
     * @return the loader
     */
    public static ConfigLoader gather(
            final ConfigLoader loader,
            final CommandSpec spec,
            final Map<String, String> environment,
            final PrintWriter err) {
        loader.environment(environment);
        for (final Setting setting : Settings.all()) {
            final String value = spec.optionsMap().get("--" + setting.key()).getValue();
            if (value != null) {
                loader.flag(setting, value);
            }
        }
        loader.warnings().forEach(warning -> err.println("lockstep: " + warning));
        return loader;
    }
}
