package io.lockstep.node.tool;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.json.BadInputException;
import io.lockstep.node.json.LineReader;
import io.lockstep.node.json.UnsendableException;
import io.lockstep.node.json.Vector;
import io.lockstep.node.json.VectorJson;
import io.lockstep.node.tool.vectors.VectorLayout;
import io.lockstep.node.tool.vectors.VectorRunner;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep vectors}: conformance vectors through the real ring and stages. */
@Command(
        name = "vectors",
        mixinStandardHelpOptions = true,
        description = {
            "Runs conformance vectors.",
            "One a line, each on an engine of its own over a journal in memory. Compares every answer, the "
                    + "final state and its digest, and replays the journal. Ends with 'N passed, M failed'."
        })
public final class VectorsCommand implements Callable<Integer> {
    private static final int BATCH_MAX = 1 << 16;
    private static final int FAILURES_TOLD_MAX = 10;

    @Parameters(paramLabel = "FILE", description = "JSON lines, plain or gzip; - for standard input.")
    private String file;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description =
                    "lockstep: one thread, stage by stage; shared or dedicated: the engine's own threads (default: lockstep).")
    private VectorLayout layout = VectorLayout.LOCKSTEP;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Steps published before the stages run (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

    /** For picocli. */
    public VectorsCommand() {}

    @Override
    public Integer call() {
        Arguments.range("--batch", batch, 1, BATCH_MAX);
        final VectorRunner runner = new VectorRunner(layout, batch);
        int passed = 0;
        int failed = 0;
        try (LineReader reader = LineReader.open(file)) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                final Vector vector = VectorJson.read(line, reader.where());
                if (passes(runner, vector, failed)) {
                    passed++;
                } else {
                    failed++;
                }
            }
        } catch (final BadInputException | UnsendableException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage(), e);
        } catch (final IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
        System.out.println(passed + " passed, " + failed + " failed");
        return (failed == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED).code();
    }

    private static boolean passes(final VectorRunner runner, final Vector vector, final int failedBefore) {
        List<String> differences;
        try {
            differences = runner.run(vector);
        } catch (final RuntimeException e) {
            differences = List.of(e.toString());
        }
        if (failedBefore < FAILURES_TOLD_MAX) {
            for (final String difference : differences) {
                System.out.println(vector.name() + ": " + difference);
            }
        }
        return differences.isEmpty();
    }
}
