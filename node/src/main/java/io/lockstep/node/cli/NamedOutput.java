package io.lockstep.node.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Says of a failed write what was written to, and remembers it for writers that swallow it. One thread. */
public final class NamedOutput extends FilterOutputStream {
    private static final String STANDARD_OUTPUT = "standard output";

    private final String name;
    private OutputException failure;

    /**
     * A stream with a name.
     *
     * @param stream to write to, better not buffered; closed with this
     * @param name for people
     */
    public NamedOutput(final OutputStream stream, final String name) {
        super(stream);
        this.name = name;
    }

    /**
     * Standard output, not buffered.
     *
     * @return a new stream
     */
    public static NamedOutput standardOutput() {
        return new NamedOutput(new FileOutputStream(FileDescriptor.out), STANDARD_OUTPUT);
    }

    /**
     * The first write that failed.
     *
     * @return null if all went well
     */
    public OutputException failure() {
        return failure;
    }

    @Override
    public void write(final int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (final IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (final IOException e) {
            throw failed(e);
        }
    }

    private OutputException failed(final IOException e) {
        final OutputException named = new OutputException(name, e);
        if (failure == null) {
            failure = named;
        }
        return named;
    }
}
