package io.lockstep.journal;

import java.io.IOException;
import org.agrona.DirectBuffer;

/**
 * What the first and the last record of a finished file say of its place in the chain.
 *
 * @param previousHash of the record before the file
 * @param lastHash of the last record
 */
record FileEnds(long previousHash, long lastHash) {
    /**
     * Reads them from the file itself.
     *
     * @param file finished
     * @param firstDocument offset of the first record's document
     * @param lastDocument offset of the last one's
     * @return what they say
     * @throws IOException if one of them is not a sound record of its position
     */
    static FileEnds read(final JournalFile file, final int firstDocument, final int lastDocument) throws IOException {
        try (MappedJournalFile mapped = MappedJournalFile.open(file.path())) {
            final DirectBuffer buffer = mapped.buffer();
            final int first = record(mapped, firstDocument, file.firstPosition());
            final int last = record(mapped, lastDocument, file.lastPosition());
            return new FileEnds(RecordFields.previousHash(buffer, first), RecordFields.hash(buffer, last));
        } catch (final InternalError error) {
            throw new IOException("file=" + file.path() + " cannot be read: " + error.getMessage(), error);
        }
    }

    private static int record(final MappedJournalFile mapped, final int documentOffset, final long position)
            throws IOException {
        final int offset = documentOffset + QueueDescriptor.WORD_BYTES;
        if (documentOffset < 0
                || mapped.recordLength(offset) == 0
                || RecordFields.position(mapped.buffer(), offset) != position) {
            throw new IOException("no sound record where the index says: file=" + mapped.path() + ", offset="
                    + documentOffset + ", position=" + position);
        }
        return offset;
    }
}
