package io.lockstep.node.tool;

import io.lockstep.node.cli.NamedOutput;
import java.io.BufferedOutputStream;
import java.io.OutputStream;

/** Standard output as bytes, with errors told rather than swallowed as {@code System.out} does. Stateless. */
final class Pipe {
    private static final int BUFFER_BYTES = 1 << 16;

    private Pipe() {}

    /**
     * Standard output.
     *
     * @return buffered; flush it
     */
    static OutputStream standardOutput() {
        return new BufferedOutputStream(NamedOutput.standardOutput(), BUFFER_BYTES);
    }

    /**
     * Whether somebody looks at standard error, so that progress is worth showing.
     *
     * @return true if it is a terminal, as the launcher found it
     */
    static boolean isTerminalOnStandardError() {
        return Boolean.getBoolean("lockstep.terminal");
    }
}
