package io.lockstep.journal;

import java.nio.file.Path;

/**
 * One journal file as readers and the syncing thread need to know it. Made by the appender (or by recovery); the last
 * position is set once, when the next file takes over.
 */
final class JournalFile {
    private final int index;
    private final int generation;
    private final Path path;
    private final long firstPosition;
    private final int firstDocumentOffset;
    private volatile long lastPosition = Long.MAX_VALUE;
    private volatile int endOffset;
    private volatile FileIndex fileIndex;
    private volatile boolean removed;

    JournalFile(
            final int index,
            final int generation,
            final Path path,
            final long firstPosition,
            final int firstDocumentOffset) {
        this.index = index;
        this.generation = generation;
        this.path = path;
        this.firstPosition = firstPosition;
        this.firstDocumentOffset = firstDocumentOffset;
    }

    int index() {
        return index;
    }

    int generation() {
        return generation;
    }

    Path path() {
        return path;
    }

    long firstPosition() {
        return firstPosition;
    }

    int firstDocumentOffset() {
        return firstDocumentOffset;
    }

    /** The last record that counts, or Long.MAX_VALUE while the file is written. */
    long lastPosition() {
        return lastPosition;
    }

    /** Where the documents end; what is allocated behind may be given back. Only once the last position is set. */
    int endOffset() {
        return endOffset;
    }

    /** Says that the file goes; nothing may be read from it any more. */
    void remove() {
        removed = true;
    }

    boolean isRemoved() {
        return removed;
    }

    /** In memory while the file is written and until it has a sidecar; then that, or null while it is not mapped. */
    FileIndex fileIndex() {
        return fileIndex;
    }

    void fileIndex(final FileIndex newIndex) {
        fileIndex = newIndex;
    }

    void finish(final long last, final int end) {
        endOffset = end;
        lastPosition = last;
    }
}
