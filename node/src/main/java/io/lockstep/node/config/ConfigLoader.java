package io.lockstep.node.config;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Gathers settings from defaults, a file, the environment and flags, each stronger than the one before. Strict: what it
 * does not know, it refuses.
 */
public final class ConfigLoader {
    static final String ORIGIN_DEFAULT = "default";

    private static final String ENVIRONMENT_PREFIX = "LOCKSTEP_";

    /** Names that the launcher, the tools and the tests read; no settings. */
    private static final Set<String> ENVIRONMENT_RESERVED = Set.of(
            "LOCKSTEP_JAVA_OPTS",
            "LOCKSTEP_CLASS_PATH",
            "LOCKSTEP_CONFIG",
            "LOCKSTEP_TOKEN",
            "LOCKSTEP_SHARED",
            "LOCKSTEP_NO_CDS",
            "LOCKSTEP_MVN");

    private final Map<Setting, String> values = new HashMap<>();
    private final Map<Setting, String> origins = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** Starts with the defaults. */
    public ConfigLoader() {
        for (final Setting setting : Settings.all()) {
            if (!setting.defaultText().isEmpty()) {
                put(setting, setting.defaultText(), ORIGIN_DEFAULT);
            }
        }
    }

    /**
     * Reads a file of lines {@code name = value}; empty lines and lines that begin with # are comments.
     *
     * @param file to read
     * @return this
     * @throws CliException if it cannot be read, or says something unknown, wrong or twice
     */
    public ConfigLoader file(final Path file) {
        return file(file, problem -> {
            throw wrong(problem);
        });
    }

    /**
     * Reads a file to its end, whatever is wrong in it.
     *
     * @param file to read
     * @param problems told each line that is unknown, wrong or there twice, and why
     * @return this
     * @throws CliException if it cannot be read
     */
    public ConfigLoader file(final Path file, final Consumer<String> problems) {
        final Map<Setting, Integer> seen = new HashMap<>();
        int lineNumber = 0;
        for (final String raw : lines(file)) {
            lineNumber++;
            final String line = raw.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                final String problem = line(line, "file " + file + " line " + lineNumber, lineNumber, seen);
                if (problem != null) {
                    problems.accept(problem);
                }
            }
        }
        return this;
    }

    /** Takes a line; answers what is wrong with it, or null. */
    private String line(final String line, final String place, final int lineNumber, final Map<Setting, Integer> seen) {
        final int equals = line.indexOf('=');
        if (equals <= 0) {
            return place + ": '" + line + "' is not name = value";
        }
        final String key = line.substring(0, equals).strip();
        final Setting setting = Settings.byKey(key);
        if (setting == null) {
            return place + ": unknown setting '" + key + "'" + Spelling.suggestion(key);
        }
        final Integer before = seen.put(setting, lineNumber);
        if (before != null) {
            return place + ": " + key + " is already set in line " + before;
        }
        try {
            put(setting, line.substring(equals + 1).strip(), place);
            return null;
        } catch (final CliException e) {
            return e.getMessage();
        }
    }

    private static List<String> lines(final Path file) {
        try {
            return Files.readAllLines(file);
        } catch (final NoSuchFileException e) {
            throw new CliException(ExitCode.CONFIG, "there is no configuration file " + file, e);
        } catch (final MalformedInputException e) {
            throw new CliException(ExitCode.CONFIG, "the configuration file " + file + " is not UTF-8 text", e);
        } catch (final IOException e) {
            throw new CliException(ExitCode.CONFIG, "cannot read the configuration file " + file + ": " + e, e);
        }
    }

    /**
     * Takes settings from the environment. A LOCKSTEP_ name that is nearly a setting is refused; one that is near none is
     * a warning only: the environment is not ours alone.
     *
     * @param environment names and values
     * @return this
     * @throws CliException if it says something wrong or nearly names a setting
     */
    public ConfigLoader environment(final Map<String, String> environment) {
        for (final Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            final String name = entry.getKey();
            if (!name.startsWith(ENVIRONMENT_PREFIX) || ENVIRONMENT_RESERVED.contains(name)) {
                continue;
            }
            final Setting setting = Settings.byEnvironmentName(name);
            if (setting == null) {
                refuseIfMisspelt(name);
                warnings.add("environment: " + name + " is no setting and is ignored");
            } else {
                put(setting, entry.getValue(), "environment " + name);
            }
        }
        return this;
    }

    private static void refuseIfMisspelt(final String name) {
        final String key = name.substring(ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        final Setting meant = Spelling.misspelt(key);
        if (meant != null) {
            throw wrong("environment: " + name + " is no setting; did you mean " + meant.environmentName() + "?");
        }
    }

    /**
     * Takes a setting from a flag.
     *
     * @param setting which
     * @param text its value
     * @return this
     */
    public ConfigLoader flag(final Setting setting, final String text) {
        put(setting, text, "flag --" + setting.key());
        return this;
    }

    /**
     * What was ignored.
     *
     * @return for the log
     */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Checks the settings against one another.
     *
     * @return the result
     * @throws CliException naming both values where two do not go together
     */
    public NodeConfig conclude() {
        return examine(problem -> {
            throw wrong(problem);
        });
    }

    /**
     * The settings as a node would take them, sizes derived, whatever else is wrong.
     *
     * @param problems told each reason why a node would not start
     * @return the result
     */
    public NodeConfig examine(final Consumer<String> problems) {
        NodeConfig config = DerivedSizes.resident(new NodeConfig(values, origins));
        try {
            config = DerivedSizes.fit(config);
        } catch (final CliException e) {
            problems.accept(e.getMessage());
        }
        try {
            ConfigRules.check(config, problems);
        } catch (final CliException e) {
            problems.accept(e.getMessage());
        }
        return config;
    }

    private void put(final Setting setting, final String text, final String origin) {
        try {
            values.put(setting, text.isEmpty() ? "" : setting.type().canonical(text));
        } catch (final IllegalArgumentException e) {
            throw new CliException(ExitCode.CONFIG, origin + ": " + setting.key() + ": " + e.getMessage(), e);
        }
        origins.put(setting, origin);
    }

    private static CliException wrong(final String message) {
        return new CliException(ExitCode.CONFIG, message);
    }
}
