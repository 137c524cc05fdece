package io.lockstep.node.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory that this process takes. Any thread; stateless. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String OWN = "RssAnon:";
    private static final int KIB = 1_024;

    private ProcessMemory() {}

    /** Of the Java heap in use, garbage included. */
    static long heapBytes() {
        final Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** In memory and not of files: heap, state, buffers, stacks; -1 where the system does not tell. */
    static long ownBytes() {
        try {
            for (final String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
                if (line.startsWith(OWN)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
                }
            }
        } catch (final IOException | NumberFormatException e) {
            return -1;
        }
        return -1;
    }
}
