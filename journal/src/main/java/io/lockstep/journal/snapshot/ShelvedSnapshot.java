package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A snapshot's file, read where it is asked for. Blocks are named by their offset; where each database begins is found
 * once, from the headers alone.
 */
final class ShelvedSnapshot implements OpenSnapshot, AutoCloseable {
    private static final int FIRST_BUFFER_BYTES = 512 << 10;
    private static final int WINDOW_BYTES = 4 << 10;
    private static final long NONE = -1;

    private final Path path;
    private final long position;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer header = SnapshotFileFormat.newHeader();
    private ByteBuffer entries = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
    private final UnsafeBuffer view = new UnsafeBuffer(entries);
    private int[] databaseIds = new int[64];
    private long[] firstBlocks = new long[64];
    private long[] endBlocks = new long[64];
    private int databases;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES).limit(0);
    private long windowFrom;
    private long block = NONE;
    private long entriesOf = NONE;

    private ShelvedSnapshot(final Path path, final long position, final FileChannel channel) throws IOException {
        this.path = path;
        this.position = position;
        this.channel = channel;
        size = channel.size();
    }

    static ShelvedSnapshot open(final Path path, final long position) throws IOException {
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        final ShelvedSnapshot opened = new ShelvedSnapshot(path, position, channel);
        try {
            opened.findDatabases();
        } catch (final RuntimeException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    private void findDatabases() {
        boolean last = false;
        for (long at = 0; at < size && !last; at = nextBlock()) {
            block(at);
            final int databaseId = SnapshotFileFormat.databaseId(header);
            last = SnapshotFileFormat.isLast(header);
            if (databaseId > 0) {
                found(databaseId, at, nextBlock());
            }
        }
    }

    /** Ids ascend, and a header is not checked yet: an id may be anything, and must cost nothing. */
    private void found(final int databaseId, final long first, final long end) {
        final int newest = databases == 0 ? 0 : databaseIds[databases - 1];
        if (databaseId < newest) {
            throw damage("databases are out of order: databaseId=" + databaseId + ", after=" + newest, first);
        }
        if (databaseId > newest) {
            if (databases == databaseIds.length) {
                databaseIds = Arrays.copyOf(databaseIds, 2 * databases);
                firstBlocks = Arrays.copyOf(firstBlocks, 2 * databases);
                endBlocks = Arrays.copyOf(endBlocks, 2 * databases);
            }
            databaseIds[databases] = databaseId;
            firstBlocks[databases] = first;
            databases++;
        }
        endBlocks[databases - 1] = end;
    }

    private int index(final int databaseId) {
        return Arrays.binarySearch(databaseIds, 0, databases, databaseId);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long firstBlock(final int databaseId) {
        final int index = index(databaseId);
        return index < 0 ? NONE : firstBlocks[index];
    }

    @Override
    public long endBlock(final int databaseId) {
        return endBlocks[index(databaseId)];
    }

    @Override
    public long bytesBefore(final int databaseId, final long newBlock) {
        return newBlock - firstBlocks[index(databaseId)];
    }

    @Override
    public void block(final long newBlock) {
        if (newBlock == block) {
            return;
        }
        block = NONE;
        if (newBlock < 0 || newBlock > size - SnapshotFileFormat.HEADER_BYTES) {
            throw damage("no block here: size=" + size, newBlock);
        }
        fillHeader(newBlock);
        final String trouble = SnapshotFileFormat.trouble(header, size - newBlock - SnapshotFileFormat.HEADER_BYTES);
        if (trouble != null) {
            throw damage(trouble, newBlock);
        }
        block = newBlock;
    }

    @Override
    public long nextBlock() {
        return block + SnapshotFileFormat.HEADER_BYTES + length();
    }

    @Override
    public boolean holdsNames() {
        return SnapshotFileFormat.kind(header) == SnapshotBlock.Kind.NAMES.code();
    }

    @Override
    public DirectBuffer entries() {
        if (entriesOf != block) {
            entriesOf = NONE;
            final int length = length();
            if (length > entries.capacity()) {
                BufferUtil.free(entries);
                entries = ByteBuffer.allocateDirect(length);
                view.wrap(entries);
            }
            entries.clear().limit(length);
            fill(entries, block + SnapshotFileFormat.HEADER_BYTES);
            if (!SnapshotFileFormat.isSound(header, entries)) {
                throw damage("checksum differs", block);
            }
            entriesOf = block;
        }
        return view;
    }

    @Override
    public int length() {
        return SnapshotFileFormat.length(header);
    }

    /** Small databases lie close together: one reading brings the headers of several. */
    private void fillHeader(final long from) {
        final int length = SnapshotFileFormat.HEADER_BYTES;
        if (from < windowFrom || from + length > windowFrom + window.limit()) {
            window.clear().limit((int) Math.min(WINDOW_BYTES, size - from));
            windowFrom = from;
            fill(window, from);
        }
        header.clear();
        header.put(0, window, (int) (from - windowFrom), length);
    }

    private void fill(final ByteBuffer buffer, final long from) {
        try {
            long at = from;
            while (buffer.hasRemaining()) {
                final int read = channel.read(buffer, at);
                if (read < 0) {
                    throw damage("the file ends early", from);
                }
                at += read;
            }
            buffer.position(0);
        } catch (final IOException e) {
            throw new SnapshotException("the snapshot cannot be read: file=" + path + ", cause=" + e, e);
        }
    }

    private SnapshotException damage(final String what, final long offset) {
        return new SnapshotException(what + ": file=" + path + ", offset=" + offset);
    }

    @Override
    public void close() {
        BufferUtil.free(entries);
        BufferUtil.free(window);
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
