package io.lockstep.journal;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.record.RecordDescriptor;
import org.agrona.DirectBuffer;

/**
 * Where every record lies, and every sequence of every database: an index for each file, and the newest record of each
 * database. Recovery puts what it finds, then the appending thread what it appends; any thread looks up what lies at or
 * below a written position that it has seen.
 */
final class JournalIndex {
    private static final byte CHANGE_SET = (byte) RecordKind.CHANGE_SET.value();

    private static final byte LARGE_CHANGE_SET = (byte) RecordKind.LARGE_CHANGE_SET.value();

    private final FileTable files;
    private final Sidecars sidecars;
    private RetainedHeads retainedHeads;
    private final PagePool pool = new PagePool();
    private final DatabaseHeads heads = new DatabaseHeads();
    private MemoryFileIndex current;

    JournalIndex(final FileTable files, final Sidecars sidecars) {
        this.files = files;
        this.sidecars = sidecars;
    }

    /** Set once, before there are readers. */
    void retainedHeads(final RetainedHeads newRetainedHeads) {
        retainedHeads = newRetainedHeads;
    }

    RetainedHeads retainedHeads() {
        return retainedHeads;
    }

    FileTable files() {
        return files;
    }

    Sidecars sidecars() {
        return sidecars;
    }

    PagePool pool() {
        return pool;
    }

    DatabaseHeads heads() {
        return heads;
    }

    /**
     * A file whose first record comes next; adds it to the files.
     *
     * @param file new
     * @param bytes that its records cannot pass
     */
    void begin(final JournalFile file, final long bytes) {
        current = new MemoryFileIndex(file.index(), file.firstPosition(), entriesMax(bytes), pool::take);
        file.fileIndex(current);
        files.add(file);
    }

    /** A finished file that is known by its sidecar alone; adds it to the files. Only before anything was put after it. */
    void trust(final JournalFile file, final MappedFileIndex index) {
        files.add(file);
        sidecars.keep(file, index);
        for (int handle = 0; handle < index.databases(); handle++) {
            final int databaseId = index.databaseId(handle);
            if (DatabaseHeads.isIndexed(databaseId)) {
                final long last = file.firstPosition() + index.lastEntry(handle);
                heads.put(databaseId, file.index(), FileIndex.NONE, last);
            }
        }
    }

    /** The next record of the file that was begun last. */
    void put(final DirectBuffer buffer, final int offset, final int documentOffset) {
        put(current, buffer, offset, documentOffset, heads, 0);
    }

    static void put(
            final MemoryFileIndex index,
            final DirectBuffer buffer,
            final int offset,
            final int documentOffset,
            final DatabaseHeads heads,
            final long unlinked) {
        final int databaseId = RecordFields.databaseId(buffer, offset);
        final byte kind = buffer.getByte(offset + RecordDescriptor.KIND_OFFSET);
        if ((kind == CHANGE_SET || kind == LARGE_CHANGE_SET) && DatabaseHeads.isIndexed(databaseId)) {
            index.put(documentOffset, databaseId, RecordFields.sequence(buffer, offset), heads, unlinked);
        } else {
            index.put(documentOffset);
        }
    }

    /** The most records that so many bytes hold. */
    static int entriesMax(final long bytes) {
        return (int) (bytes / (RecordDescriptor.LENGTH_MIN + QueueDescriptor.WORD_BYTES)) + 1;
    }
}
