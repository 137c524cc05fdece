package io.lockstep.journal;

/** Hears of every record that counts while a journal is scanned. Called on the scanning thread. */
interface ScanListener {
    /** Listens to nothing. */
    ScanListener NONE = new ScanListener() {
        @Override
        public void onFile(final JournalFile file, final long bytes) {}

        @Override
        public void onRecord(final MappedJournalFile file, final FileWalker walker, final long position) {}
    };

    /**
     * A file whose first record comes next.
     *
     * @param file as it is to be known
     * @param bytes how long it is
     */
    void onFile(JournalFile file, long bytes);

    /**
     * A finished file that is not scanned, since its sidecar says all that is needed.
     *
     * @param file finished
     * @param sidecar of it
     * @param content of it; good until this returns
     */
    default void onTrusted(final JournalFile file, final MappedFileIndex sidecar, final MappedJournalFile content) {}

    /**
     * A record that counts.
     *
     * @param file holds it
     * @param walker stands at it
     * @param position its position
     */
    void onRecord(MappedJournalFile file, FileWalker walker, long position);
}
