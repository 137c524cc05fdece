package io.lockstep.journal;

import org.agrona.collections.IntArrayList;

/**
 * Finds the records of one database by the indexes alone: from the newest file in which it occurs back to the one that
 * is asked for, then from record to record. Other databases' records are never touched. One thread.
 *
 * <p>It does not read records, so what it finds must be checked against the record. Memory that came to serve another file
 * meanwhile is noticed after each step, and the step is taken again.
 */
final class DatabaseCursor {
    /** Answered as a position for what is not there. */
    static final long NONE = 0;

    private final FileTable files;
    private final Sidecars sidecars;
    private final DatabaseHeads heads;

    /** Files with the database after the one at which the cursor stands, nearest last. */
    private final IntArrayList path = new IntArrayList();

    private final IntArrayList pathHints = new IntArrayList();
    private int databaseId;
    private JournalFile file;
    private FileIndex index;
    private int hint;
    private int handle;
    private int mark;
    private long position;
    private long searchedFrom;

    DatabaseCursor(final JournalIndex journal) {
        files = journal.files();
        sidecars = journal.sidecars();
        heads = journal.heads();
    }

    /**
     * Where a sequence lies.
     *
     * @return its position, {@link #NONE} if the journal does not hold it
     */
    long findSequence(final int wantedDatabaseId, final long sequence) {
        begin(wantedDatabaseId);
        final long stamp = sidecars.enter();
        try {
            long found;
            do {
                found = trySequence(sequence);
            } while (isStale());
            position = found;
            searchedFrom = found - 1;
            return found;
        } finally {
            sidecars.exit(stamp);
        }
    }

    /**
     * The lowest sequence that is held.
     *
     * @return 0 if there is none
     */
    long oldestSequence(final int wantedDatabaseId) {
        begin(wantedDatabaseId);
        final long stamp = sidecars.enter();
        try {
            long oldest;
            do {
                oldest = 0;
                for (boolean more = toHead(); more; more = toPrevious()) {
                    oldest = index.firstSequence(handle);
                }
            } while (isStale());
            return oldest;
        } finally {
            sidecars.exit(stamp);
        }
    }

    /**
     * The database's first record at or behind a position; cheap if the cursor stands at it or at the one before.
     *
     * @return its position, {@link #NONE} if there is none yet
     */
    long findFrom(final int wantedDatabaseId, final long from) {
        final boolean known = wantedDatabaseId == databaseId && position != NONE;
        if (known && from > searchedFrom && from <= position) {
            return position;
        }
        final long stamp = sidecars.enter();
        try {
            if (known && from == position + 1 && !isStale()) {
                final long next = tryNext();
                if (!isStale()) {
                    return next == NONE ? NONE : stand(next, from);
                }
            }
            begin(wantedDatabaseId);
            long found;
            do {
                found = tryFrom(from);
            } while (isStale());
            return found == NONE ? NONE : stand(found, from);
        } finally {
            sidecars.exit(stamp);
        }
    }

    private long stand(final long found, final long from) {
        position = found;
        searchedFrom = from - 1;
        return found;
    }

    /** Forgets where it stands, for instance because what it found turned out to be wrong. */
    void forget() {
        begin(0);
    }

    private void begin(final int newDatabaseId) {
        databaseId = newDatabaseId;
        position = NONE;
        index = null;
    }

    private boolean isStale() {
        return index != null && index.isRecycled();
    }

    private long trySequence(final long sequence) {
        boolean more = toHead();
        while (more && index.firstSequence(handle) > sequence) {
            more = toPrevious();
        }
        if (!more) {
            return NONE;
        }
        path.clear();
        pathHints.clear();
        mark = index.markOfSequence(handle, sequence);
        return positionOfMark();
    }

    private long tryFrom(final long from) {
        final JournalFile holding = files.holding(from);
        final int target = holding == null ? 0 : holding.index();
        final int entry = holding == null ? 0 : (int) (from - holding.firstPosition());
        path.clear();
        pathHints.clear();
        // A sidecar finds a database by itself; an index in memory needs the hint that the way to it brings.
        if (holding != null && !(sidecars.indexOf(holding) instanceof MemoryFileIndex)) {
            enter(holding, FileIndex.NONE);
            mark = handle == FileIndex.NONE ? FileIndex.NONE : index.markFrom(handle, entry);
            return mark != FileIndex.NONE ? positionOfMark() : tryFirstAbove(target);
        }
        long found = tryFirstAbove(target - 1);
        if (found != NONE && file == holding) {
            mark = index.markFrom(handle, entry);
            found = mark != FileIndex.NONE ? positionOfMark() : tryNextFile();
        }
        return found;
    }

    private long tryNext() {
        final int next = index.nextMark(handle, mark);
        if (next != FileIndex.NONE) {
            mark = next;
            return positionOfMark();
        }
        return index.isRecycled() ? NONE : tryNextFile();
    }

    /** The first record in the next file with the database; stays where it is if there is none. */
    private long tryNextFile() {
        if (path.isEmpty()) {
            final long head = heads.place(databaseId);
            return head != 0 && DatabaseHeads.fileIndex(head) > file.index() ? tryFirstAbove(file.index()) : NONE;
        }
        return enterFromPath();
    }

    /** The first record in the first file with the database above one, and notes the way from there on. */
    private long tryFirstAbove(final int fileIndex) {
        path.clear();
        pathHints.clear();
        for (boolean more = toHead(); more && file.index() > fileIndex; more = toPrevious()) {
            path.addInt(file.index());
            pathHints.addInt(hint);
        }
        return path.isEmpty() ? NONE : enterFromPath();
    }

    private long enterFromPath() {
        final int next = path.removeAt(path.size() - 1);
        final int nextHint = pathHints.removeAt(pathHints.size() - 1);
        final JournalFile nextFile = files.get(next);
        if (nextFile == null) {
            return NONE; // given up; the reader finds that out
        }
        enter(nextFile, nextHint);
        if (handle == FileIndex.NONE) {
            return NONE;
        }
        mark = index.firstMark(handle);
        return positionOfMark();
    }

    private long positionOfMark() {
        return mark == FileIndex.NONE ? NONE : file.firstPosition() + index.entry(mark);
    }

    private boolean toHead() {
        final long head = heads.place(databaseId);
        if (head == 0) {
            return false;
        }
        final JournalFile newest = files.get(DatabaseHeads.fileIndex(head));
        if (newest == null) {
            return false; // given up
        }
        enter(newest, DatabaseHeads.slot(head));
        return handle != FileIndex.NONE || toLower();
    }

    private boolean toPrevious() {
        final long previous = index.previousPosition(handle);
        if (previous == 0) {
            return false;
        }
        final int previousHint = index.previousHint(handle);
        final JournalFile previousFile = previous == FileIndex.UNKNOWN ? null : files.holding(previous);
        if (previousFile == null && previous != FileIndex.UNKNOWN) {
            return false; // deleted
        }
        if (previousFile != null && previousFile.index() < file.index()) {
            enter(previousFile, previousHint);
            return handle != FileIndex.NONE || toLower();
        }
        return toLower();
    }

    /** Where no link leads back: file by file. */
    private boolean toLower() {
        for (int lower = file.index() - 1; lower >= 0; lower--) {
            final JournalFile lowerFile = files.get(lower);
            if (lowerFile == null) {
                return false; // given up
            }
            enter(lowerFile, FileIndex.NONE);
            if (handle != FileIndex.NONE) {
                return true;
            }
        }
        return false;
    }

    private void enter(final JournalFile newFile, final int newHint) {
        file = newFile;
        hint = newHint;
        index = sidecars.indexOf(newFile);
        handle = index.find(databaseId, newHint);
    }

    /** The file of what was found last. */
    JournalFile file() {
        return file;
    }

    /** The index that said so. */
    FileIndex index() {
        return index;
    }
}
