package io.lockstep.journal;

import static io.lockstep.journal.QueueDescriptor.END_OF_FILE;
import static io.lockstep.journal.QueueDescriptor.LENGTH_MASK;
import static io.lockstep.journal.QueueDescriptor.WORD_BYTES;

/** Walks the documents of one journal file and stops at each of our records. One thread. */
final class FileWalker {
    /** What stands at {@link #offset()}. */
    enum Stop {
        /** A sound record; its length is {@link #length()}. */
        RECORD,
        /** Nothing was published here, or nothing that still can be told. */
        END,
        /** The queue went on to the next file. */
        END_OF_FILE,
        /** Neither a sound record nor anything that the queue writes. */
        BAD
    }

    private final MappedJournalFile file;
    private int documentOffset;
    private int length;

    FileWalker(final MappedJournalFile file, final int documentOffset) {
        this.file = file;
        this.documentOffset = documentOffset;
    }

    /**
     * Goes to the next stop; stays there until {@link #skip()}.
     *
     * @return what it is
     */
    Stop next() {
        while (true) {
            if (documentOffset > file.size() - WORD_BYTES) {
                return Stop.END;
            }
            length = file.recordLength(documentOffset + WORD_BYTES);
            if (length > 0) {
                return Stop.RECORD;
            }
            final int word = file.word(documentOffset);
            if (word == 0) {
                return Stop.END;
            }
            if (word == END_OF_FILE) {
                return Stop.END_OF_FILE;
            }
            final int bytes = word & LENGTH_MASK;
            if (!QueueDescriptor.isReadyMetaData(word)
                    || bytes == 0
                    || bytes > QueueDescriptor.META_DATA_BYTES_MAX
                    || bytes > file.size() - WORD_BYTES - documentOffset
                    || resemblesRecordBefore(documentOffset + WORD_BYTES + bytes)) {
                return Stop.BAD;
            }
            documentOffset = QueueDescriptor.align(documentOffset + WORD_BYTES + bytes);
        }
    }

    /** Goes past the record at which it stands. */
    void skip() {
        documentOffset = QueueDescriptor.align(documentOffset + WORD_BYTES + length);
    }

    /**
     * Looks for the next sound record behind something bad, wherever it may start.
     *
     * @return false if there is none, and then it has not moved
     */
    boolean resynchronise() {
        for (int offset = documentOffset + WORD_BYTES; offset <= file.size() - WORD_BYTES; offset += WORD_BYTES) {
            if (file.recordLength(offset + WORD_BYTES) > 0) {
                documentOffset = offset;
                return true;
            }
        }
        return false;
    }

    /**
     * Whether anything from here up to an offset was a record once.
     *
     * @param end where to stop looking
     * @return true if something looks like it
     */
    boolean resemblesRecordBefore(final int end) {
        for (int offset = documentOffset + WORD_BYTES; offset < end; offset += WORD_BYTES) {
            if (file.resemblesRecord(offset)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the queue's word agrees with the record at which it stands.
     *
     * @return false if the word was damaged; the record is sound all the same
     */
    boolean wordAgrees() {
        return file.word(documentOffset) == length;
    }

    /**
     * Where the document starts: the queue's word.
     *
     * @return an offset in the file
     */
    int documentOffset() {
        return documentOffset;
    }

    /**
     * Where the record starts: its SBE header.
     *
     * @return an offset in the file
     */
    int offset() {
        return documentOffset + WORD_BYTES;
    }

    int length() {
        return length;
    }
}
