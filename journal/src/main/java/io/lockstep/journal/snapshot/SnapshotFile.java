package io.lockstep.journal.snapshot;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotHeaderDecoder;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;

/** A snapshot on disk. Reading checks every block; no length is believed before. One thread at a time. */
public final class SnapshotFile implements SnapshotSource {
    private static final int WHOLE_WINDOW_BYTES = 2 << 20;
    private static final int DATABASE_WINDOW_BYTES = 64 << 10;
    private static final int HEADER_WINDOW_BYTES = 4 << 10;

    private final Path path;
    private final long position;
    private DatabasePlaces places;

    SnapshotFile(final Path path, final long position) {
        this.path = path;
        this.position = position;
    }

    /** One that was just written. */
    SnapshotFile(final Path path, final long position, final DatabasePlaces places) {
        this(path, position);
        this.places = places;
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

    long bytes() {
        return path.toFile().length();
    }

    /**
     * The first position of the journal that a start from this snapshot reads.
     *
     * @return a position
     * @throws SnapshotException if the file does not begin with a sound header
     */
    public long firstPositionNeeded() {
        final long[] needed = {0};
        try (BlockInput input = open(HEADER_WINDOW_BYTES)) {
            readBlocks(input, 1, (buffer, offset, length) -> needed[0] = firstPositionNeeded(buffer, offset, length));
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
        try (BlockInput input = open(WHOLE_WINDOW_BYTES)) {
            readBlocks(input, Long.MAX_VALUE, handler);
        } catch (final IOException ex) {
            throw unreadable(ex);
        }
    }

    private void readBlocks(final BlockInput input, final long blocksMax, final BlockHandler handler)
            throws IOException {
        final DatabasePlaces found = new DatabasePlaces();
        boolean last = false;
        for (long number = 0; !last && number < blocksMax; number++) {
            final long offset = input.nextOffset();
            if (!input.next()) {
                throw input.damage("the file ends early", offset);
            }
            found.note(input.databaseId(), offset);
            handler.onBlock(input.buffer(), 0, input.length());
            last = input.isLast();
        }
        if (last && input.nextOffset() != input.size()) {
            throw input.damage("something comes after the last block", input.nextOffset());
        }
        if (last) {
            places = found.trim();
        }
    }

    @Override
    public void read(final int databaseId, final BlockHandler handler) {
        try (BlockInput input = open(DATABASE_WINDOW_BYTES)) {
            if (!seek(input, databaseId)) {
                throw new SnapshotException(
                        "the snapshot does not hold a database: file=" + path + ", databaseId=" + databaseId);
            }
            while (input.next() && input.databaseId() == databaseId) {
                handler.onBlock(input.buffer(), 0, input.length());
            }
        } catch (final IOException ex) {
            throw unreadable(ex);
        }
    }

    /** Goes to the first block of a database; false if there is none. */
    boolean seek(final BlockInput input, final int databaseId) {
        final long place = places == null ? DatabasePlaces.NONE : places.of(databaseId);
        if (place == DatabasePlaces.NONE) {
            return false;
        }
        input.seek(place);
        return true;
    }

    BlockInput open(final int windowBytes) throws IOException {
        return new BlockInput(path, FileChannel.open(path, StandardOpenOption.READ), windowBytes);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
