package io.lockstep.node.tool.verify;

import java.nio.file.Path;

/**
 * What became of a snapshot. Immutable.
 *
 * @param file its path
 * @param bytes its size
 * @param position the last record before its walk
 * @param endPosition the last record that its walk may have seen
 * @param recordsAfter records that a start replays after it, those of its walk included
 * @param trouble why it cannot be used; empty if it gives what the whole journal gives
 */
public record VerifiedSnapshot(
        Path file, long bytes, long position, long endPosition, long recordsAfter, String trouble) {
    static VerifiedSnapshot bad(final Path file, final long bytes, final long position, final String trouble) {
        return new VerifiedSnapshot(file, bytes, position, 0, 0, trouble);
    }

    /**
     * Whether a start can use it.
     *
     * @return true if it holds
     */
    public boolean isGood() {
        return trouble.isEmpty();
    }
}
