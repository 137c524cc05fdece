package io.lockstep.journal;

import static io.lockstep.engine.record.RecordDescriptor.LENGTH_MIN;
import static io.lockstep.engine.record.RecordDescriptor.MAGIC;
import static io.lockstep.engine.record.RecordDescriptor.MAGIC_OFFSET;
import static io.lockstep.journal.RecordFields.HEADER_WORD_0;
import static io.lockstep.journal.RecordFields.HEADER_WORD_1;

import io.lockstep.engine.record.RecordCheck;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One journal file, mapped for reading through a mapping of our own, so that nothing that the queue library makes of a
 * damaged file can reach us. One thread.
 *
 * <p>All lengths found in the file are checked against the file's size before they are used; nothing is allocated by
 * them.
 */
final class MappedJournalFile implements AutoCloseable {
    private static final int CONSTANT_WORDS = 3;

    private final Path path;
    private final int size;
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final RecordCheck check = new RecordCheck();

    private MappedJournalFile(final Path path, final MappedByteBuffer mapping, final int size) {
        this.path = path;
        this.mapping = mapping;
        this.size = size;
        buffer = size == 0 ? new UnsafeBuffer(new byte[0]) : new UnsafeBuffer(mapping);
    }

    /**
     * Maps a file as long as it is now.
     *
     * @param path an existing file
     * @return the mapping
     * @throws IOException if it cannot be read, or is longer than any journal file may be
     */
    static MappedJournalFile open(final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final long bytes = channel.size();
            if (bytes > JournalContext.FILE_BYTES_MAX) {
                throw new IOException(
                        "file=" + path + " bytes=" + bytes + " is over fileBytesMax=" + JournalContext.FILE_BYTES_MAX);
            }
            final MappedByteBuffer mapping = bytes == 0 ? null : map(channel, bytes);
            return new MappedJournalFile(path, mapping, mapping == null ? 0 : mapping.capacity());
        }
    }

    /** Maps so many bytes, or as many as are left if what was never written is cut off just now. */
    static MappedByteBuffer map(final FileChannel channel, final long bytes) throws IOException {
        try {
            return channel.map(MapMode.READ_ONLY, 0, bytes);
        } catch (final IOException e) {
            final long left = channel.size();
            if (left >= bytes) {
                throw e;
            }
            return map(channel, left);
        }
    }

    Path path() {
        return path;
    }

    int size() {
        return size;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * The queue's word at an offset.
     *
     * @param offset aligned to 4
     * @return 0 past the end
     */
    int word(final int offset) {
        return offset + Integer.BYTES <= size ? buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    /**
     * Whether a whole, sound record lies at an offset, whatever the queue's word before it says.
     *
     * @param offset of the record's SBE header
     * @return its length, or 0
     */
    int recordLength(final int offset) {
        if (offset > size - LENGTH_MIN || constantWords(offset) != CONSTANT_WORDS) {
            return 0;
        }
        final int length = RecordFields.length(buffer, offset);
        if (length < LENGTH_MIN || length > size - offset) {
            return 0;
        }
        return check.check(buffer, offset, length).good() ? length : 0;
    }

    /**
     * Whether something lies at an offset that was a record once: at least two of the three constant words that a record
     * starts with, so that no single flipped bit makes a record unrecognisable.
     *
     * @param offset aligned to 4
     * @return true if it looks like one
     */
    boolean resemblesRecord(final int offset) {
        return offset <= size - MAGIC_OFFSET - Integer.BYTES && constantWords(offset) >= CONSTANT_WORDS - 1;
    }

    /**
     * The last byte at or after an offset that is not zero.
     *
     * @param from an offset
     * @return its offset, or -1 if all is zero
     */
    int lastNonZero(final int from) {
        int offset = size;
        while (offset > from && (offset & 7) != 0) {
            if (buffer.getByte(--offset) != 0) {
                return offset;
            }
        }
        while (offset - Long.BYTES >= from && buffer.getLong(offset - Long.BYTES) == 0) {
            offset -= Long.BYTES;
        }
        while (offset > from) {
            if (buffer.getByte(--offset) != 0) {
                return offset;
            }
        }
        return -1;
    }

    boolean isZero(final int from, final int to) {
        final int end = Math.min(to, size);
        int offset = from;
        while (offset < end && (offset & 7) != 0) {
            if (buffer.getByte(offset++) != 0) {
                return false;
            }
        }
        while (offset + Long.BYTES <= end) {
            if (buffer.getLong(offset) != 0) {
                return false;
            }
            offset += Long.BYTES;
        }
        while (offset < end) {
            if (buffer.getByte(offset++) != 0) {
                return false;
            }
        }
        return true;
    }

    private int constantWords(final int offset) {
        return (buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) == HEADER_WORD_0 ? 1 : 0)
                + (buffer.getInt(offset + Integer.BYTES, ByteOrder.LITTLE_ENDIAN) == HEADER_WORD_1 ? 1 : 0)
                + (buffer.getInt(offset + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC ? 1 : 0);
    }

    @Override
    public void close() {
        if (mapping != null) {
            IoUtil.unmap(mapping);
        }
    }
}
