package io.lockstep.journal;

/** Hears of every record that counts while a journal is scanned. Called on the scanning thread. */
interface ScanListener {
    /** Listens to nothing. */
    ScanListener NONE = new ScanListener() {
        @Override
        public void onFile(final JournalFile file) {}

        @Override
        public void onRecord(final MappedJournalFile file, final FileWalker walker, final long position) {}
    };

    /**
     * A file whose first record comes next.
     *
     * @param file as it is to be known
     */
    void onFile(JournalFile file);

    /**
     * A record that counts.
     *
     * @param file holds it
     * @param walker stands at it
     * @param position its position
     */
    void onRecord(MappedJournalFile file, FileWalker walker, long position);
}
