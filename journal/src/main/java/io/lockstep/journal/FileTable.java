package io.lockstep.journal;

import java.util.Arrays;

/**
 * The files that hold records, in order, by an index that counts up and is never used again. One thread adds, another
 * removes the oldest ones, any thread reads, and sees a whole table.
 */
final class FileTable {
    private static final class Files {
        private final int firstIndex;
        private final JournalFile[] array;

        private Files(final int firstIndex, final JournalFile[] array) {
            this.firstIndex = firstIndex;
            this.array = array;
        }
    }

    private volatile Files files = new Files(0, new JournalFile[0]);

    synchronized void add(final JournalFile file) {
        final Files known = files;
        final JournalFile[] more = Arrays.copyOf(known.array, known.array.length + 1);
        more[known.array.length] = file;
        files = new Files(known.firstIndex, more);
    }

    /** Forgets all files below one. */
    synchronized void removeBelow(final int index) {
        final Files known = files;
        files = new Files(index, Arrays.copyOfRange(known.array, index - known.firstIndex, known.array.length));
    }

    /** The index of the oldest file that is there; that of the next one while there is none. */
    int firstIndex() {
        return files.firstIndex;
    }

    /** The index that the next file gets. */
    int nextIndex() {
        final Files known = files;
        return known.firstIndex + known.array.length;
    }

    /** Null if it was removed. */
    JournalFile get(final int index) {
        final Files known = files;
        return index < known.firstIndex ? null : known.array[index - known.firstIndex];
    }

    /** Null if there is none. */
    JournalFile first() {
        final Files known = files;
        return known.array.length == 0 ? null : known.array[0];
    }

    /** Null if there is none. */
    JournalFile last() {
        final Files known = files;
        return known.array.length == 0 ? null : known.array[known.array.length - 1];
    }

    /** The lowest position that is held; 1 while there is no file. */
    long firstPosition() {
        final JournalFile first = first();
        return first == null ? 1 : first.firstPosition();
    }

    /** What the finished files hold that begin after a position. */
    long bytesAfter(final long position) {
        long bytes = 0;
        JournalFile file = last();
        while (file != null && file.firstPosition() > position) {
            bytes += file.endOffset();
            file = get(file.index() - 1);
        }
        return bytes;
    }

    /**
     * The file that holds a position.
     *
     * @param position any
     * @return null if it lies before the first file
     */
    JournalFile holding(final long position) {
        final JournalFile[] known = files.array;
        int low = 0;
        int high = known.length - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (known[middle].firstPosition() <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? null : known[high];
    }
}
