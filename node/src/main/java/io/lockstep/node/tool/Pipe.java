package io.lockstep.node.tool;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output as bytes, with errors told rather than swallowed as {@code System.out} does. Stateless. */
final class Pipe {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Pipe() {}

    /**
     * Standard output.
     *
     * @return buffered; flush it
     */
    static OutputStream standardOutput() {
        return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES);
    }

    /**
     * Whether somebody looks at standard error, so that progress is worth showing.
     *
     * @return true if it is a terminal
     */
    static boolean isTerminalOnStandardError() {
        try {
            final String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (final IOException | UnsupportedOperationException e) {
            // Not Linux, or no such descriptor: then rather no progress than escape codes in a file.
            return false;
        }
    }
}
