package io.lockstep.client.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A part of a file in memory, moved forwards as a reader goes. */
final class FileWindow implements Closeable {
    private static final int WINDOW_BYTES = 1 << 20;

    private final RandomAccessFile file;
    private final long length;
    private byte[] bytes = new byte[WINDOW_BYTES];
    private long start;
    private int limit;

    FileWindow(final Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        length = file.length();
    }

    /** Bytes of the file. */
    long length() {
        return length;
    }

    /**
     * Brings bytes into memory.
     *
     * @return their offset in {@link #bytes}, which another call may replace
     */
    int at(final long position, final int count) throws IOException {
        if (position < start || position + count > start + limit) {
            if (count > bytes.length) {
                bytes = new byte[count];
            }
            start = position;
            limit = (int) Math.min(bytes.length, length - position);
            file.seek(position);
            file.readFully(bytes, 0, limit);
        }
        return (int) (position - start);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
