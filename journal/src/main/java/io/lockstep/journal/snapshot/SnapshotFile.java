package io.lockstep.journal.snapshot;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotHeaderDecoder;
import io.lockstep.engine.port.SnapshotSource;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;
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

    /**
     * The first position of the journal that a start from this snapshot reads.
     *
     * @return a position
     * @throws SnapshotException if the file does not begin with a sound header
     */
    public long firstPositionNeeded() {
        final long[] needed = {0};
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            readBlocks(channel, 1, (buffer, offset, length) -> needed[0] = firstPositionNeeded(buffer, offset, length));
        } catch (final IOException ex) {
            throw unreadable(ex);
        }
        return needed[0];
    }

    private long firstPositionNeeded(final DirectBuffer buffer, final int offset, final int length) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final int message = offset + SnapshotFormat.LENGTH_BYTES;
        if (length < SnapshotFormat.LENGTH_BYTES + MessageHeaderDecoder.ENCODED_LENGTH
                || header.wrap(buffer, message).templateId() != SnapshotHeaderDecoder.TEMPLATE_ID) {
            throw new SnapshotException("a snapshot begins with its header: file=" + path);
        }
        final SnapshotHeaderDecoder start = new SnapshotHeaderDecoder().wrapAndApplyHeader(buffer, message, header);
        return Math.min(start.position(), start.unsealedFrom());
    }

    private SnapshotException unreadable(final IOException cause) {
        return new SnapshotException("the snapshot cannot be read: file=" + path + ", cause=" + cause, cause);
    }

    @Override
    public void read(final BlockHandler handler) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            readBlocks(channel, Long.MAX_VALUE, handler);
        } catch (final IOException ex) {
            throw unreadable(ex);
        }
    }

    private void readBlocks(final FileChannel channel, final long blocksMax, final BlockHandler handler)
            throws IOException {
        final ByteBuffer header = SnapshotFileFormat.newHeader();
        ByteBuffer entries = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
        final UnsafeBuffer view = new UnsafeBuffer(entries);
        final long size = channel.size();
        long number = 0;
        boolean last = false;
        while (!last && number < blocksMax) {
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
        if (last && channel.position() != size) {
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
