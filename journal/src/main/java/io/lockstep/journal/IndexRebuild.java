package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;

/** Makes the index of a finished file again by walking it. Databases are not linked to the files before. */
final class IndexRebuild {
    private IndexRebuild() {}

    /**
     * Walks.
     *
     * @param file finished
     * @return its index, of memory of its own
     * @throws JournalFailedException DAMAGE if a record that counts is not sound, IO if the file cannot be read
     */
    static MemoryFileIndex run(final JournalFile file) {
        try (MappedJournalFile mapped = MappedJournalFile.open(file.path())) {
            final MemoryFileIndex index = new MemoryFileIndex(
                    file.index(), file.firstPosition(), JournalIndex.entriesMax(mapped.size()), PagePool::allocate);
            final DatabaseHeads heads = new DatabaseHeads();
            final FileWalker walker = new FileWalker(mapped, file.firstDocumentOffset());
            for (long position = file.firstPosition(); position <= file.lastPosition(); position++) {
                final FileWalker.Stop stop = walker.next();
                if (stop != FileWalker.Stop.RECORD
                        || RecordFields.position(mapped.buffer(), walker.offset()) != position) {
                    throw new JournalFailedException(
                            Kind.DAMAGE,
                            "a record that was written is bad: position=" + position + ", file=" + file.path()
                                    + ", offset=" + walker.documentOffset() + ", found=" + stop,
                            null);
                }
                JournalIndex.put(
                        index, mapped.buffer(), walker.offset(), walker.documentOffset(), heads, FileIndex.UNKNOWN);
                walker.skip();
            }
            return index;
        } catch (final IOException | InternalError ex) {
            throw JournalFolder.ioFailure("the journal cannot be read", file.path(), ex);
        }
    }
}
