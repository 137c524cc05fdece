package io.lockstep.node.tool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds the folder with vectors and histories, which is not part of the repository. */
public final class SharedFolder {
    private SharedFolder() {}

    /**
     * A file of it; the test is skipped where there is none.
     *
     * @param name such as {@code vectors/arbitration.jsonl.gz}
     * @return an existing file
     */
    public static Path file(final String name) {
        final String configured = System.getenv("LOCKSTEP_SHARED");
        final Path found = Stream.of(
                        configured == null ? "../shared" : configured, "../shared", "../../shared", "../../../shared")
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(found != null, "needs " + name + " of the shared folder: LOCKSTEP_SHARED or ../shared");
        return found;
    }
}
