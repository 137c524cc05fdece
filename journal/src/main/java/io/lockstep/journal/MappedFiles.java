package io.lockstep.journal;

import java.io.IOException;

/** The few journal files that a reader looks into, mapped; the one used longest ago makes room. One thread. */
final class MappedFiles implements AutoCloseable {
    private static final int MAPPED_MAX = 8;

    private final JournalFile[] files = new JournalFile[MAPPED_MAX];
    private final MappedJournalFile[] mapped = new MappedJournalFile[MAPPED_MAX];
    private final long[] lastUses = new long[MAPPED_MAX];
    private long uses;

    /** A mapping, good until seven other files were asked for. */
    MappedJournalFile of(final JournalFile file) throws IOException {
        int oldest = 0;
        for (int i = 0; i < MAPPED_MAX; i++) {
            if (files[i] == file) {
                lastUses[i] = ++uses;
                return mapped[i];
            }
            if (lastUses[i] < lastUses[oldest]) {
                oldest = i;
            }
        }
        release(oldest);
        mapped[oldest] = MappedJournalFile.open(file.path());
        files[oldest] = file;
        lastUses[oldest] = ++uses;
        return mapped[oldest];
    }

    private void release(final int slot) {
        if (mapped[slot] != null) {
            mapped[slot].close();
        }
        mapped[slot] = null;
        files[slot] = null;
        lastUses[slot] = 0;
    }

    @Override
    public void close() {
        for (int i = 0; i < MAPPED_MAX; i++) {
            release(i);
        }
    }
}
