package io.lockstep.journal.snapshot;

import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the blocks of a snapshot's file one after the other from any place on, many at a time from the disk. Each is
 * checked before it is seen; no length is believed before. One thread.
 */
final class BlockInput implements AutoCloseable {
    private static final int HEADER_BYTES = SnapshotFileFormat.HEADER_BYTES;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuffer window;
    private ByteBuffer header;
    private ByteBuffer entries;
    private long windowOffset;
    private long next;
    private long number;

    /**
     * A reader from the beginning on.
     *
     * @param channel open for reading; is closed with the reader
     * @param windowBytes read at a time, at least
     */
    BlockInput(final Path path, final FileChannel channel, final int windowBytes) throws IOException {
        this.path = path;
        this.channel = channel;
        size = channel.size();
        window = ByteBuffer.allocateDirect(windowBytes).limit(0);
    }

    /** Goes to a block, which may have any number. */
    void seek(final long offset) {
        next = offset;
        number = -1;
    }

    /**
     * The next block.
     *
     * @return false at the end of the file
     * @throws SnapshotException if it is damaged
     */
    boolean next() throws IOException {
        if (next == size) {
            return false;
        }
        final long offset = next;
        header = bytes(offset, HEADER_BYTES);
        if (number < 0) {
            number = SnapshotFileFormat.number(header);
        }
        final String trouble = SnapshotFileFormat.trouble(header, number, size - offset - HEADER_BYTES);
        if (trouble != null) {
            throw damage(trouble, offset);
        }
        final int length = SnapshotFileFormat.length(header);
        final ByteBuffer whole = bytes(offset, HEADER_BYTES + length);
        header = whole.slice(0, HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        entries = whole.slice(HEADER_BYTES, length);
        if (!SnapshotFileFormat.isSound(header, entries)) {
            throw damage("checksum differs", offset);
        }
        view.wrap(entries);
        next = offset + HEADER_BYTES + length;
        number++;
        return true;
    }

    /** The bytes from a place of the file on, until the next call. */
    private ByteBuffer bytes(final long offset, final int length) throws IOException {
        if (offset < windowOffset || offset + length > windowOffset + window.limit()) {
            if (length > window.capacity()) {
                BufferUtil.free(window);
                window = ByteBuffer.allocateDirect(length);
            }
            window.clear();
            windowOffset = offset;
            while (window.position() < length) {
                if (channel.read(window, offset + window.position()) < 0) {
                    throw damage("the file ends early", offset);
                }
            }
            window.flip();
        }
        return window.slice((int) (offset - windowOffset), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the next block lies. */
    long nextOffset() {
        return next;
    }

    long size() {
        return size;
    }

    int databaseId() {
        return SnapshotFileFormat.databaseId(header);
    }

    int kind() {
        return SnapshotFileFormat.kind(header);
    }

    boolean isLast() {
        return SnapshotFileFormat.isLast(header);
    }

    /** The entries, from 0 on, until the next block. */
    DirectBuffer buffer() {
        return view;
    }

    /** The entries, until the next block. */
    ByteBuffer entries() {
        return entries;
    }

    int length() {
        return entries.capacity();
    }

    SnapshotException damage(final String what, final long offset) {
        return new SnapshotException(what + ": file=" + path + ", block=" + number + ", offset=" + offset);
    }

    @Override
    public void close() throws IOException {
        BufferUtil.free(window);
        channel.close();
    }
}
