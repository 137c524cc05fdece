package io.lockstep.journal;

/** Hears of every record that counts while a journal is scanned. Called on the scanning thread. */
interface ScanListener {
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
