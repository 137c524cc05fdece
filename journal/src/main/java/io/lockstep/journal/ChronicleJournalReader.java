package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import java.io.IOException;

/**
 * Walks the journal's files through mappings of its own. It asks the index where to start, and checks every record on
 * the way. One thread.
 */
final class ChronicleJournalReader implements JournalReader {
    private final FileTable files;
    private final JournalPositions positions;
    private final PositionIndex positionIndex;
    private final SequenceIndex sequenceIndex;
    private JournalFile file;
    private MappedJournalFile mapped;
    private FileWalker walker;
    private long walkerPosition = 1;
    private long nextPosition = 1;

    ChronicleJournalReader(
            final FileTable files,
            final JournalPositions positions,
            final PositionIndex positionIndex,
            final SequenceIndex sequenceIndex) {
        this.files = files;
        this.positions = positions;
        this.positionIndex = positionIndex;
        this.sequenceIndex = sequenceIndex;
    }

    @Override
    public void seek(final long position) {
        final long written = positions.written();
        if (position < 1 || position > written + 1) {
            throw new IllegalArgumentException(
                    "position=" + position + " must lie in 1..writtenPosition+1=" + (written + 1));
        }
        nextPosition = position;
        if (walker == null || position < walkerPosition || position > walkerPosition + PositionIndex.SPACING) {
            release();
        }
    }

    @Override
    public boolean seekSequence(final int databaseId, final long sequence) {
        // What the index holds may run ahead of the written position by the record that is being appended.
        final long position = sequenceIndex.find(databaseId, sequence);
        if (position == 0 || position > positions.written()) {
            return false;
        }
        seek(position);
        return true;
    }

    @Override
    public int poll(final RecordHandler handler, final long positionMax, final int limit) {
        final long max = Math.min(positionMax, positions.written());
        int count = 0;
        while (count < limit && nextPosition <= max) {
            moveToNext();
            count++;
            nextPosition++;
            walkerPosition++;
            final int offset = walker.offset();
            final int length = walker.length();
            walker.skip();
            if (!handler.onRecord(mapped.buffer(), offset, length)) {
                break;
            }
        }
        return count;
    }

    /** Puts the walker on the record at {@code nextPosition}. */
    private void moveToNext() {
        try {
            if (walker != null && nextPosition > file.lastPosition()) {
                release();
            }
            if (walker == null) {
                start();
            }
            check(walker.next());
            while (walkerPosition < nextPosition) {
                walker.skip();
                walkerPosition++;
                check(walker.next());
            }
        } catch (final IOException | InternalError ex) {
            throw JournalFolder.ioFailure(
                    "the journal cannot be read: position=" + nextPosition, file == null ? null : file.path(), ex);
        }
    }

    private void start() throws IOException {
        file = files.holding(nextPosition);
        if (file == null) {
            throw new JournalFailedException(Kind.DAMAGE, "no journal file holds position=" + nextPosition, null);
        }
        final long entry = positionIndex.find(nextPosition);
        final boolean inFile = entry >= 0 && PositionIndex.fileIndex(entry) == file.index();
        mapped = MappedJournalFile.open(file.path());
        walker = new FileWalker(mapped, inFile ? PositionIndex.documentOffset(entry) : file.firstDocumentOffset());
        walkerPosition = inFile ? nextPosition & -PositionIndex.SPACING : file.firstPosition();
    }

    private void check(final FileWalker.Stop stop) {
        final long position =
                stop == FileWalker.Stop.RECORD ? RecordFields.position(mapped.buffer(), walker.offset()) : -1;
        if (position != walkerPosition) {
            final JournalFailedException damage = new JournalFailedException(
                    Kind.DAMAGE,
                    "a record that was written is bad: position=" + walkerPosition + ", file=" + file.path()
                            + ", offset=" + walker.documentOffset() + ", found=" + stop + ", foundPosition=" + position,
                    null);
            release();
            throw damage;
        }
    }

    private void release() {
        if (mapped != null) {
            mapped.close();
        }
        mapped = null;
        walker = null;
        file = null;
    }

    @Override
    public void close() {
        release();
    }
}
