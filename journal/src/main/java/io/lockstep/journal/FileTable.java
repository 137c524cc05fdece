package io.lockstep.journal;

import java.util.Arrays;

/** The files that hold records, in order. One thread adds; any thread reads, and sees a whole table. */
final class FileTable {
    private volatile JournalFile[] files = new JournalFile[0];

    void add(final JournalFile file) {
        final JournalFile[] known = files;
        final JournalFile[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = file;
        files = more;
    }

    int size() {
        return files.length;
    }

    JournalFile get(final int index) {
        return files[index];
    }

    JournalFile last() {
        final JournalFile[] known = files;
        return known.length == 0 ? null : known[known.length - 1];
    }

    /**
     * The file that holds a position.
     *
     * @param position any
     * @return null if it lies before the first file
     */
    JournalFile holding(final long position) {
        final JournalFile[] known = files;
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
