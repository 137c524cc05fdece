package io.lockstep.journal.snapshot;

/**
 * Which of the oldest journal files may go. History that a client may still want goes last; live state never does, since
 * snapshots hold it.
 *
 * @param coveredPosition no record at or above it may go: the oldest snapshot that is kept needs them
 * @param keptFromPosition records from here on stay, whatever their age
 * @param keptFromMs records stamped from here on stay, milliseconds since 1970
 * @param bytesMax above so many bytes of journal, age and number count no more; Long.MAX_VALUE for no bound
 */
public record RetentionRule(long coveredPosition, long keptFromPosition, long keptFromMs, long bytesMax) {
    /**
     * Whether a file may go.
     *
     * @param lastPosition of the file
     * @param lastStampedTimeMs of that record
     * @param journalBytes of this and all later files
     * @return true if nothing needs it
     */
    public boolean mayGo(final long lastPosition, final long lastStampedTimeMs, final long journalBytes) {
        return lastPosition < coveredPosition
                && (journalBytes > bytesMax || (lastPosition < keptFromPosition && lastStampedTimeMs < keptFromMs));
    }
}
