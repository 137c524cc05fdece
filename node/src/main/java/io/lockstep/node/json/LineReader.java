package io.lockstep.node.json;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads lines of bytes, plain or gzip, told apart by their first two bytes. One thread. */
public final class LineReader implements Closeable {
    /** Longest line, bytes: the largest change set, 64 MiB, with two characters for each byte of its blobs, and their names. */
    public static final int LINE_BYTES_MAX = 160 * 1024 * 1024;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;

    private final InputStream stream;
    private final String name;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long lineNumber;

    /**
     * A reader.
     *
     * @param source plain or gzip; closed with this
     * @param name of the source, for errors
     * @throws IOException from below
     */
    public LineReader(final InputStream source, final String name) throws IOException {
        this.name = name;
        stream = unpacked(new BufferedInputStream(source, BUFFER_BYTES));
    }

    /**
     * Opens a file, or standard input.
     *
     * @param file a path, or {@code -} for standard input
     * @return a reader
     * @throws BadInputException if there is no such file or it cannot be read
     * @throws IOException from below
     */
    public static LineReader open(final String file) throws IOException {
        if (file.equals("-")) {
            return new LineReader(System.in, "standard input");
        }
        final Path path = Path.of(file);
        if (!Files.exists(path)) {
            throw new BadInputException("there is no file " + file + "; name a file of JSON lines, plain or .gz, or -");
        }
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new BadInputException(
                    file + " is a folder or may not be read; name a file of JSON lines, plain or .gz, or -");
        }
        return new LineReader(Files.newInputStream(path), file);
    }

    /**
     * The next line that is not blank.
     *
     * @return its bytes without the line end, or null after the last
     * @throws BadInputException if a line is too long, or the gzip stream is damaged
     * @throws IOException from below
     */
    public byte[] next() throws IOException {
        byte[] found = nextLine();
        while (found != null && isBlank(found)) {
            found = nextLine();
        }
        return found;
    }

    /**
     * Number of the line that {@link #next} gave.
     *
     * @return from 1 on, blank lines counted
     */
    public long lineNumber() {
        return lineNumber;
    }

    /**
     * Names a place for errors.
     *
     * @return such as {@code a.jsonl: line=7}
     */
    public String where() {
        return name + ": line=" + lineNumber;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private byte[] nextLine() throws IOException {
        line.reset();
        boolean any = false;
        while (fill()) {
            any = true;
            final int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            line.write(buffer, start, position - start);
            if (line.size() > LINE_BYTES_MAX) {
                lineNumber++;
                throw new BadInputException(where() + " is too long: lineBytesMax=" + LINE_BYTES_MAX
                        + ", lineBytes=at least " + line.size());
            }
            if (position < limit) {
                position++;
                break;
            }
        }
        if (!any) {
            return null;
        }
        lineNumber++;
        return line.toByteArray();
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        try {
            limit = stream.read(buffer);
        } catch (final ZipException | EOFException e) {
            throw new BadInputException(
                    name + ": after line=" + lineNumber + " the gzip stream is damaged or cut short", e);
        }
        return limit > 0;
    }

    private static boolean isBlank(final byte[] bytes) {
        for (final byte each : bytes) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }

    private static InputStream unpacked(final BufferedInputStream source) throws IOException {
        source.mark(2);
        final boolean gzip = source.read() == GZIP_FIRST && source.read() == GZIP_SECOND;
        source.reset();
        return gzip ? new GZIPInputStream(source, BUFFER_BYTES) : source;
    }
}
