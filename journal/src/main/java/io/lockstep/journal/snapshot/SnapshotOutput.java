package io.lockstep.journal.snapshot;

import io.lockstep.engine.snapshot.SnapshotBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A snapshot file that is being written. One thread. */
final class SnapshotOutput implements AutoCloseable {
    /** So much is written before it is forced: the disk is never busy with it for long. */
    private static final long FORCE_BYTES = 8 << 20;

    /** Small blocks are written together: a node may have very many small databases. */
    private static final int GATHERED_BYTES = 256 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer header = SnapshotFileFormat.newHeader();
    private final ByteBuffer[] parts = new ByteBuffer[2];
    private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHERED_BYTES);
    private final DatabasePlaces places = new DatabasePlaces();
    private long number;
    private long bytes;
    private long forcedBytes;

    SnapshotOutput(final Path path) throws IOException {
        this.path = path;
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    Path path() {
        return path;
    }

    long bytes() {
        return bytes;
    }

    void write(final SnapshotBlock block) throws IOException {
        final ByteBuffer entries = block.buffer().byteBuffer().duplicate();
        entries.clear().limit(block.length());
        write(block.kind().code(), block.databaseId(), false, entries);
    }

    /** Takes a block over from another file. */
    void copy(final int kind, final int databaseId, final ByteBuffer entries) throws IOException {
        write(kind, databaseId, false, entries);
    }

    /** Where each database begins; complete once the file is. */
    DatabasePlaces places() {
        return places;
    }

    /** Ends the file: everything is on stable storage when it returns. */
    void finish() throws IOException {
        write(SnapshotBlock.Kind.ROWS.code(), 0, true, NOTHING);
        flush();
        channel.force(true);
        channel.close();
    }

    private void write(final int kind, final int databaseId, final boolean last, final ByteBuffer entries)
            throws IOException {
        final int length = SnapshotFileFormat.HEADER_BYTES + entries.remaining();
        SnapshotFileFormat.put(header, number, kind, databaseId, last, entries);
        places.note(databaseId, bytes);
        if (length > gathered.remaining()) {
            flush();
        }
        if (length <= gathered.capacity()) {
            gathered.put(header).put(entries);
        } else {
            parts[0] = header;
            parts[1] = entries;
            while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
                channel.write(parts);
            }
        }
        bytes += length;
        number++;
        if (bytes - forcedBytes >= FORCE_BYTES) {
            flush();
            channel.force(false);
            forcedBytes = bytes;
        }
    }

    private void flush() throws IOException {
        gathered.flip();
        while (gathered.hasRemaining()) {
            channel.write(gathered);
        }
        gathered.clear();
    }

    /** Gives up: nothing of it stays. */
    void abandon() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
