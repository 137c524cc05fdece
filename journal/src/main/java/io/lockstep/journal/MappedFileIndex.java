package io.lockstep.journal;

import static io.lockstep.journal.SidecarDescriptor.BODY_CRC_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASES_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_BYTES;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_FIRST_POSTING_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_FIRST_SEQUENCE_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_ID_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_POSTINGS_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.DATABASE_PREVIOUS_POSITION_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.END_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.ENTRIES_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.ENTRY_BYTES;
import static io.lockstep.journal.SidecarDescriptor.FIRST_POSITION_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.FLAGS_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.GENERATION_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.HEADER_BYTES;
import static io.lockstep.journal.SidecarDescriptor.HEADER_CRC_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.LAST_HASH_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.LAST_POSITION_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.MAGIC_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.POSTINGS_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.POSTING_BYTES;
import static io.lockstep.journal.SidecarDescriptor.PREVIOUS_HASH_OFFSET;
import static io.lockstep.journal.SidecarDescriptor.VERSION_OFFSET;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.IoUtil;

/**
 * The index of a finished file, mapped from its sidecar. Checked whole when it is mapped; immutable. Once it is
 * retired it may be unmapped, see {@link Sidecars#enter()}.
 */
final class MappedFileIndex implements FileIndex, AutoCloseable {
    private final MappedByteBuffer content;
    private final int entries;
    private final int databases;
    private final int postings;
    private final int postingsStart;
    private final int databasesStart;
    private volatile boolean retired;

    private MappedFileIndex(final MappedByteBuffer content) {
        this.content = content;
        entries = content.getInt(ENTRIES_OFFSET);
        databases = content.getInt(DATABASES_OFFSET);
        postings = content.getInt(POSTINGS_OFFSET);
        postingsStart = (int) SidecarDescriptor.postingsStart(entries);
        databasesStart = (int) SidecarDescriptor.databasesStart(entries, postings);
    }

    /**
     * Maps and checks a sidecar.
     *
     * @param path of the sidecar
     * @return null if it is not whole, sound and of this version
     * @throws IOException if there is none, or it cannot be read
     */
    static MappedFileIndex open(final Path path) throws IOException {
        final MappedByteBuffer content;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final long bytes = channel.size();
            if (bytes < HEADER_BYTES || bytes > Integer.MAX_VALUE) {
                return null;
            }
            content = channel.map(MapMode.READ_ONLY, 0, bytes);
            content.order(ByteOrder.LITTLE_ENDIAN);
        }
        boolean sound = false;
        try {
            sound = isSound(content);
            return sound ? new MappedFileIndex(content) : null;
        } catch (final InternalError error) {
            throw new IOException("sidecar=" + path + " cannot be read: " + error.getMessage(), error);
        } finally {
            if (!sound) {
                IoUtil.unmap(content);
            }
        }
    }

    private static boolean isSound(final ByteBuffer content) {
        if (content.getLong(MAGIC_OFFSET) != SidecarDescriptor.MAGIC
                || content.getInt(VERSION_OFFSET) != SidecarDescriptor.VERSION
                || crc(content, 0, HEADER_CRC_OFFSET) != content.getInt(HEADER_CRC_OFFSET)) {
            return false;
        }
        final int entries = content.getInt(ENTRIES_OFFSET);
        final int databases = content.getInt(DATABASES_OFFSET);
        final int postings = content.getInt(POSTINGS_OFFSET);
        return entries > 0
                && databases >= 0
                && postings >= 0
                && SidecarDescriptor.length(entries, postings, databases) == content.capacity()
                && content.getLong(LAST_POSITION_OFFSET) - content.getLong(FIRST_POSITION_OFFSET) == entries - 1
                && crc(content, HEADER_BYTES, content.capacity()) == content.getInt(BODY_CRC_OFFSET);
    }

    private static int crc(final ByteBuffer content, final int from, final int to) {
        final CRC32C crc = new CRC32C();
        crc.update(content.duplicate().position(from).limit(to));
        return (int) crc.getValue();
    }

    /** Whether it was made from a file as it is known now. */
    boolean isOf(final JournalFile file) {
        return generation() == file.generation()
                && endOffset() == file.endOffset()
                && firstPosition() == file.firstPosition()
                && lastPosition() == file.lastPosition()
                && documentOffset(0) == file.firstDocumentOffset();
    }

    /** Whether every previous position is known. */
    boolean isLinked() {
        return (content.getInt(FLAGS_OFFSET) & SidecarDescriptor.LINKED) != 0;
    }

    int generation() {
        return content.getInt(GENERATION_OFFSET);
    }

    int endOffset() {
        return content.getInt(END_OFFSET);
    }

    long firstPosition() {
        return content.getLong(FIRST_POSITION_OFFSET);
    }

    long lastPosition() {
        return content.getLong(LAST_POSITION_OFFSET);
    }

    long previousHash() {
        return content.getLong(PREVIOUS_HASH_OFFSET);
    }

    long lastHash() {
        return content.getLong(LAST_HASH_OFFSET);
    }

    int databases() {
        return databases;
    }

    int databaseId(final int handle) {
        return content.getInt(database(handle) + DATABASE_ID_OFFSET);
    }

    /** The last entry of a database in the file. */
    int lastEntry(final int handle) {
        return entry(endOfPostings(handle) - 1);
    }

    @Override
    public boolean isRecycled() {
        return retired;
    }

    /** Nobody begins to read it any more. */
    void retire() {
        retired = true;
    }

    /** Unmaps it. Nobody may be reading it. */
    @Override
    public void close() {
        retired = true;
        IoUtil.unmap(content);
    }

    @Override
    public int entries() {
        return entries;
    }

    @Override
    public int documentOffset(final int entry) {
        return entry >= 0 && entry < entries ? content.getInt(HEADER_BYTES + entry * ENTRY_BYTES) : NONE;
    }

    @Override
    public int find(final int databaseId, final int hint) {
        int low = 0;
        int high = databases - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            final int id = databaseId(middle);
            if (id == databaseId) {
                return middle;
            }
            if (id < databaseId) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NONE;
    }

    @Override
    public long firstSequence(final int handle) {
        return content.getLong(database(handle) + DATABASE_FIRST_SEQUENCE_OFFSET);
    }

    @Override
    public long previousPosition(final int handle) {
        return content.getLong(database(handle) + DATABASE_PREVIOUS_POSITION_OFFSET);
    }

    @Override
    public int previousHint(final int handle) {
        return NONE;
    }

    @Override
    public int firstMark(final int handle) {
        return content.getInt(database(handle) + DATABASE_FIRST_POSTING_OFFSET);
    }

    @Override
    public int nextMark(final int handle, final int mark) {
        return mark + 1 < endOfPostings(handle) ? mark + 1 : NONE;
    }

    @Override
    public int markOfSequence(final int handle, final long sequence) {
        final long mark = firstMark(handle) + (sequence - firstSequence(handle));
        return mark < endOfPostings(handle) ? (int) mark : NONE;
    }

    @Override
    public int markFrom(final int handle, final int entry) {
        final int end = endOfPostings(handle);
        int low = firstMark(handle);
        int high = end;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (entry(middle) < entry) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < end ? low : NONE;
    }

    @Override
    public int entry(final int mark) {
        return mark >= 0 && mark < postings ? content.getInt(postingsStart + mark * POSTING_BYTES) : NONE;
    }

    private int endOfPostings(final int handle) {
        return firstMark(handle) + content.getInt(database(handle) + DATABASE_POSTINGS_OFFSET);
    }

    private int database(final int handle) {
        return databasesStart + handle * DATABASE_BYTES;
    }
}
