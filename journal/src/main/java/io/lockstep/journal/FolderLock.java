package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The operating system's lock on a journal, which the kernel frees when its process dies; so there is never a stale one.
 * Opened and closed by one thread.
 */
final class FolderLock implements AutoCloseable {
    private static final int PID_BYTES_MAX = 20;

    private final FileChannel channel;

    private FolderLock(final FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or throws at once.
     *
     * @param file the lock file; made if absent
     * @return the lock
     * @throws JournalFailedException LOCKED, naming the process that holds it
     */
    @SuppressWarnings("resource") // the channel lives as long as the lock
    static FolderLock take(final Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            final FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new JournalFailedException(
                        Kind.LOCKED,
                        "another node runs on this folder: lock=" + file + ", pid=" + holder(channel)
                                + "; stop it, or choose another data folder",
                        null);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new FolderLock(channel);
        } catch (final IOException ex) {
            closeQuietly(channel);
            throw JournalFolder.ioFailure("the lock cannot be taken", file, ex);
        } catch (final JournalFailedException ex) {
            closeQuietly(channel);
            throw ex;
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException ex) {
            return null; // held by this very process
        }
    }

    private static String holder(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        final String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return text.matches("[0-9]+") ? text : "unknown";
    }

    private static void closeQuietly(final FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (final IOException ignored) {
                // Nothing was written through it that matters.
                return;
            }
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
