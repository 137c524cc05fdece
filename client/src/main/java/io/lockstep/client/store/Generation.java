package io.lockstep.client.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One file of a store: a checkpoint and what was appended after it. Appending is for one thread at a time; syncing may go on
 * beside it.
 */
final class Generation {
    private static final String PREFIX = "replica-";
    private static final String SUFFIX = ".log";
    private static final int HEX = 16;

    private final Path path;
    private final StoreFile file;
    private long length;
    private long checkpointBytes;
    private volatile long syncedLength;

    Generation(final Path path, final StoreFile file, final long length, final long checkpointBytes) {
        this.path = path;
        this.file = file;
        this.length = length;
        this.checkpointBytes = checkpointBytes;
    }

    static Path path(final Path folder, final long number) {
        return folder.resolve(String.format(Locale.ROOT, "%s%016x%s", PREFIX, number, SUFFIX));
    }

    /** The newest of a folder, -1 if there is none. */
    static long newest(final Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.mapToLong(Generation::number).max().orElse(-1);
        }
    }

    /** Number of a file, -1 if it is none of these. */
    static long number(final Path path) {
        final String name = path.getFileName().toString();
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()), HEX);
        } catch (final NumberFormatException e) {
            return -1;
        }
    }

    Path path() {
        return path;
    }

    long length() {
        return length;
    }

    long checkpointBytes() {
        return checkpointBytes;
    }

    void checkpointEnds() {
        checkpointBytes = length;
    }

    /** Up to here it is on stable storage. */
    long syncedLength() {
        return syncedLength;
    }

    /**
     * Writes a batch, whole or not at all.
     *
     * @throws StoreException FULL if nothing of it is there; FAILED if that is not known
     */
    void append(final RecordBatch batch) {
        try {
            file.append(batch.bytes(), 0, batch.length());
            length += batch.length();
        } catch (final IOException e) {
            try {
                file.truncate(length);
            } catch (final IOException suppressed) {
                e.addSuppressed(suppressed);
                throw new StoreException(StoreException.Reason.FAILED, "cannot write: file=" + path, e);
            }
            throw new StoreException(
                    StoreException.Reason.FULL,
                    "cannot write: file=" + path + ", bytes=" + batch.length() + ", cause=" + e.getMessage(),
                    e);
        } finally {
            batch.clear();
        }
    }

    /** Syncs what was there when it was called. */
    void sync(final long upTo) throws IOException {
        file.sync();
        syncedLength = Math.max(syncedLength, upTo);
    }

    void close() throws IOException {
        file.close();
    }
}
