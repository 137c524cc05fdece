package io.lockstep.node.tool.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where it was measured.
 *
 * @param cores that the JVM sees
 * @param processor its model, empty if it is not known
 * @param java version and vendor
 * @param system name and version of the kernel
 * @param fileSystem of the data folder, empty if it is not known
 */
public record BenchEnvironment(int cores, String processor, String java, String system, String fileSystem) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    /**
     * Looks around.
     *
     * @param dataFolder of the node, or null
     * @return what was found
     */
    public static BenchEnvironment here(final Path dataFolder) {
        return new BenchEnvironment(
                Runtime.getRuntime().availableProcessors(),
                processorModel(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                dataFolder == null ? "" : fileSystemOf(dataFolder));
    }

    private static String processorModel() {
        try {
            for (final String line : Files.readAllLines(CPU_INFO)) {
                if (line.startsWith(MODEL)) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        } catch (final IOException e) {
            // Not Linux: the model stays unknown.
            return "";
        }
        return "";
    }

    private static String fileSystemOf(final Path folder) {
        try {
            return Files.getFileStore(folder).type();
        } catch (final IOException e) {
            return "";
        }
    }
}
