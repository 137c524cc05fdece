package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.SnapshotSource;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/** A snapshot on disk. Reading checks every block; no length is believed before. One thread at a time. */
public final class SnapshotFile implements SnapshotSource {
    private static final int FIRST_BUFFER_BYTES = 2 << 20;

    private final Path path;
    private final long position;

    SnapshotFile(final Path path, final long position) {
        this.path = path;
        this.position = position;
    }

    /**
     * Where it is.
     *
     * @return a path
     */
    public Path path() {
        return path;
    }

    /**
     * The last record before its walk, as its name says.
     *
     * @return a position
     */
    public long position() {
        return position;
    }

    @Override
    public void read(final BlockHandler handler) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            read(channel, handler);
        } catch (final IOException ex) {
            throw new SnapshotException("the snapshot cannot be read: file=" + path + ", cause=" + ex, ex);
        }
    }

    private void read(final FileChannel channel, final BlockHandler handler) throws IOException {
        final ByteBuffer header = SnapshotFileFormat.newHeader();
        ByteBuffer entries = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
        final UnsafeBuffer view = new UnsafeBuffer(entries);
        final long size = channel.size();
        long number = 0;
        boolean last = false;
        while (!last) {
            final long offset = channel.position();
            header.clear();
            fill(channel, header, number, offset);
            header.flip();
            final String trouble = SnapshotFileFormat.trouble(header, number, size - channel.position());
            if (trouble != null) {
                throw damage(trouble, number, offset);
            }
            final int length = SnapshotFileFormat.length(header);
            if (length > entries.capacity()) {
                entries = ByteBuffer.allocateDirect(length);
                view.wrap(entries);
            }
            entries.clear().limit(length);
            fill(channel, entries, number, offset);
            entries.flip();
            if (!SnapshotFileFormat.isSound(header, entries)) {
                throw damage("checksum differs", number, offset);
            }
            handler.onBlock(view, 0, length);
            last = SnapshotFileFormat.isLast(header);
            number++;
        }
        if (channel.position() != size) {
            throw damage("something comes after the last block", number, channel.position());
        }
    }

    private void fill(final FileChannel channel, final ByteBuffer buffer, final long number, final long offset)
            throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw damage("the file ends early", number, offset);
            }
        }
    }

    private SnapshotException damage(final String what, final long number, final long offset) {
        return new SnapshotException(what + ": file=" + path + ", block=" + number + ", offset=" + offset);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
