package io.lockstep.journal;

import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * Reads the journal's files through mappings of its own. It asks the indexes where a record lies, and checks every record
 * that it hands on: a sidecar that led to another one is made again from the journal file. One thread.
 */
final class ChronicleJournalReader implements JournalReader {
    private final FileTable files;
    private final Sidecars sidecars;
    private final JournalPositions positions;
    private final RetainedHeads retainedHeads;
    private final DatabaseCursor cursor;
    private final MappedFiles mappings = new MappedFiles();
    private JournalFile file;
    private MappedJournalFile mapped;
    private FileWalker walker;
    private long walkerPosition;
    private long nextPosition = 1;

    ChronicleJournalReader(final JournalIndex index, final JournalPositions positions) {
        this.files = index.files();
        this.sidecars = index.sidecars();
        this.positions = positions;
        retainedHeads = index.retainedHeads();
        cursor = new DatabaseCursor(index);
    }

    @Override
    public void seek(final long position) {
        final long written = positions.written();
        if (position < 1 || position > written + 1) {
            throw new IllegalArgumentException(
                    "position=" + position + " must lie in 1..writtenPosition+1=" + (written + 1));
        }
        nextPosition = position;
    }

    @Override
    public boolean seekSequence(final int databaseId, final long sequence) {
        final long written = positions.written();
        for (boolean again = true; again; ) {
            final long position = sequence < 1 ? DatabaseCursor.NONE : find(databaseId, sequence);
            // What the index holds may run ahead of the written position by the record that is being appended.
            if (position == DatabaseCursor.NONE || position > written) {
                return false;
            }
            standAt(position);
            if (RecordFields.databaseId(mapped.buffer(), walker.offset()) == databaseId
                    && RecordFields.sequence(mapped.buffer(), walker.offset()) == sequence) {
                nextPosition = position;
                return true;
            }
            again = distrustCursor();
        }
        throw misled("databaseId=" + databaseId + ", sequence=" + sequence);
    }

    /** What was given up under the cursor is not there, like what was given up before. */
    private long find(final int databaseId, final long sequence) {
        try {
            final long position = cursor.findSequence(databaseId, sequence);
            return position < files.firstPosition() ? DatabaseCursor.NONE : position;
        } catch (final BeyondRetentionException ex) {
            return DatabaseCursor.NONE;
        }
    }

    @Override
    public long oldestSequence(final int databaseId) {
        while (true) {
            final long firstPosition = files.firstPosition();
            try {
                return cursor.oldestSequence(databaseId);
            } catch (final BeyondRetentionException ex) {
                if (files.firstPosition() == firstPosition) {
                    throw ex;
                }
            }
        }
    }

    @Override
    public long retainedCheck(final int databaseId, final long sequence) {
        return retainedHeads.check(databaseId, sequence);
    }

    @Override
    public int poll(final RecordHandler handler, final long positionMax, final int limit) {
        final long max = Math.min(positionMax, positions.written());
        int count = 0;
        boolean more = true;
        while (more && count < limit && nextPosition <= max) {
            standAt(nextPosition);
            count++;
            more = handOn(handler);
        }
        return count;
    }

    @Override
    public int pollDatabase(
            final int databaseId, final RecordHandler handler, final long positionMax, final int limit) {
        final long max = Math.min(positionMax, positions.written());
        int count = 0;
        boolean more = true;
        while (more && count < limit) {
            final long position = cursor.findFrom(databaseId, nextPosition);
            requireRetained(nextPosition); // only now: what was given up meanwhile may have misled the cursor
            if (position == DatabaseCursor.NONE || position > max) {
                break;
            }
            standAt(position);
            if (RecordFields.databaseId(mapped.buffer(), walker.offset()) != databaseId) {
                if (!distrustCursor()) {
                    throw misled("databaseId=" + databaseId + ", position=" + position);
                }
                continue;
            }
            count++;
            more = handOn(handler);
        }
        return count;
    }

    private boolean handOn(final RecordHandler handler) {
        final int offset = walker.offset();
        final int length = walker.length();
        nextPosition = walkerPosition + 1;
        walker.skip();
        walkerPosition++;
        return handler.onRecord(mapped.buffer(), offset, length);
    }

    /** Puts the walker on the record of a position at or below the written one. */
    private void standAt(final long position) {
        try {
            if (file != null && file.isRemoved()) {
                forgetGivenUp();
            }
            final boolean follows = walker != null && position == walkerPosition && position <= file.lastPosition();
            if (follows && isAt(position)) {
                return;
            }
            place(position);
            while (!isAt(position)) {
                if (!sidecars.distrust(file, sidecars.indexOf(file))) {
                    throw damage(position);
                }
                place(position);
            }
        } catch (final IOException | InternalError ex) {
            throw JournalFolder.ioFailure(
                    "the journal cannot be read: position=" + position, file == null ? null : file.path(), ex);
        }
    }

    private void place(final long position) throws IOException {
        file = files.holding(position);
        if (file == null) {
            walker = null;
            requireRetained(position);
            throw new JournalFailedException(Kind.DAMAGE, "no journal file holds position=" + position, null);
        }
        try {
            mapped = mappings.of(file);
        } catch (final NoSuchFileException ex) {
            requireRetained(position);
            throw ex;
        }
        walker = new FileWalker(mapped, documentOffset(file, position));
        walkerPosition = position;
    }

    private void requireRetained(final long position) {
        if (position < files.firstPosition()) {
            forgetGivenUp();
            throw new BeyondRetentionException(
                    "the journal begins later: position=" + position + ", firstPosition=" + files.firstPosition());
        }
    }

    /** Lets go of files that are not there any more, so that their room is free. */
    private void forgetGivenUp() {
        walker = null;
        file = null;
        cursor.forget();
        mappings.close();
    }

    private int documentOffset(final JournalFile where, final long position) {
        if (position == where.firstPosition()) {
            return where.firstDocumentOffset();
        }
        final long stamp = sidecars.enter();
        try {
            FileIndex index;
            int offset;
            do {
                index = sidecars.indexOf(where);
                offset = index.documentOffset((int) (position - where.firstPosition()));
            } while (index.isRecycled());
            return Math.max(0, offset);
        } finally {
            sidecars.exit(stamp);
        }
    }

    private boolean isAt(final long position) {
        return walker.next() == FileWalker.Stop.RECORD
                && RecordFields.position(mapped.buffer(), walker.offset()) == position;
    }

    /** Has the index that the cursor relied on made again; false if it was no sidecar. */
    private boolean distrustCursor() {
        final boolean better = sidecars.distrust(cursor.file(), cursor.index());
        cursor.forget();
        return better;
    }

    private static JournalFailedException misled(final String what) {
        return new JournalFailedException(Kind.DAMAGE, "the journal's index leads to another record: " + what, null);
    }

    private JournalFailedException damage(final long position) {
        final JournalFailedException damage = new JournalFailedException(
                Kind.DAMAGE,
                "a record that was written is bad: position=" + position + ", file=" + file.path() + ", offset="
                        + walker.documentOffset() + ", found=" + walker.next(),
                null);
        walker = null;
        return damage;
    }

    @Override
    public void close() {
        walker = null;
        mappings.close();
    }
}
