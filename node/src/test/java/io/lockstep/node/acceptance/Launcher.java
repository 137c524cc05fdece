package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs the launcher as a user would, each command a process of its own. */
final class Launcher {
    /** The top of the checkout. */
    static final Path ROOT = root();

    private Launcher() {}

    /**
     * What a command left behind.
     *
     * @param exitCode of the process
     * @param out standard output
     * @param err standard error
     */
    record Result(int exitCode, Path out, Path err) {
        String outText() {
            return text(out);
        }

        String errText() {
            return text(err);
        }

        /** Fails with what the command said unless it ended well. */
        Result orFail() {
            if (exitCode != 0) {
                throw new AssertionError("exitCode=" + exitCode + "\nout: " + outText() + "\nerr: " + errText());
            }
            return this;
        }
    }

    static Process start(final Path folder, final String name, final List<String> prefix, final String... args) {
        return start(folder, name, prefix, builder -> {}, args);
    }

    static Process start(
            final Path folder,
            final String name,
            final List<String> prefix,
            final Consumer<ProcessBuilder> environment,
            final String... args) {
        final List<String> command = new ArrayList<>(prefix);
        command.add(ROOT.resolve("lockstep").toString());
        command.addAll(List.of(args));
        try {
            Files.createDirectories(folder);
            final ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(folder.resolve(name + ".out").toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(name + ".err").toFile()));
            environment.accept(builder);
            return builder.start();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static Result run(final Path folder, final String name, final long timeoutS, final String... args) {
        final Process process = start(folder, name, List.of(), args);
        return finish(process, folder, name, timeoutS);
    }

    static Result finish(final Process process, final Path folder, final String name, final long timeoutS) {
        try {
            if (!process.waitFor(timeoutS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(name + " did not end within timeoutS=" + timeoutS);
            }
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
        return new Result(process.exitValue(), folder.resolve(name + ".out"), folder.resolve(name + ".err"));
    }

    /** The folder with vectors and histories, or the test is skipped. */
    static Path shared() {
        final String named = System.getenv("LOCKSTEP_SHARED");
        final Path shared = named != null ? Path.of(named) : ROOT.resolveSibling("shared");
        assumeTrue(Files.isDirectory(shared.resolve("data")), "skipped: no shared material at " + shared);
        return shared;
    }

    /** A history as change sets in JSON lines, made by the script that comes with it. */
    static Path history(final Path folder, final String name) {
        return python(folder, name + ".jsonl", "changes", name + "-history.tsv.gz");
    }

    /** The state that a history must end in. */
    static Path finalState(final Path folder, final String name) {
        return python(folder, name + "-final.jsonl", "state", name + "-final.tsv.gz");
    }

    /** Compares two states with the script that comes with the histories. */
    static void assertSameState(final Path folder, final Path expected, final Path actual) {
        final Path out = folder.resolve("compare.out");
        final int exitCode =
                tool(out, "python3", shared().resolve("tools/compare_state.py").toString(), "" + expected, "" + actual);
        if (exitCode != 0) {
            throw new AssertionError("states differ: " + text(out));
        }
    }

    static int tool(final Path out, final String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start()
                    .waitFor();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    static void assumeTool(final String name) {
        boolean found = false;
        for (final String folder : System.getenv("PATH").split(":")) {
            found |= Files.isExecutable(Path.of(folder, name));
        }
        assumeTrue(found, "skipped: needs the program " + name);
    }

    static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
    }

    static String text(final Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Path python(final Path folder, final String target, final String mode, final String source) {
        assumeTool("python3");
        final Path out = folder.resolve(target);
        final Path shared = shared();
        final int exitCode = tool(
                out,
                "python3",
                shared.resolve("tools/history_to_jsonl.py").toString(),
                mode,
                shared.resolve("data").resolve(source).toString());
        if (exitCode != 0) {
            throw new AssertionError("cannot convert " + source + ": " + text(out));
        }
        return out;
    }

    private static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (path != null && !Files.exists(path.resolve("codec-sbe"))) {
            path = path.getParent();
        }
        return path;
    }
}
