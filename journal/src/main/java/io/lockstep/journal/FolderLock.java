package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's lock on a journal, which the kernel frees when its process dies; so there is never a stale one.
 * Opened and closed by one thread.
 */
final class FolderLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
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
            if (tryLock(channel, false) == null) {
                throw held(file, channel);
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

    /**
     * Takes the lock to read only: where the lock file cannot be written, a shared one that keeps a node off all the
     * same; where there is none and none can be made, nothing, and says so.
     *
     * @param file the lock file
     * @return the lock
     * @throws JournalFailedException LOCKED, naming the process that holds it; IO if the folder is out of reach
     */
    static FolderLock takeToRead(final Path file) {
        if (isWritable(file)) {
            return take(file);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            if (tryLock(channel, true) == null) {
                throw held(file, channel);
            }
            return new FolderLock(channel);
        } catch (final NoSuchFileException ex) {
            LOG.warn("read without a lock, which cannot be made here; no node must run on the folder: lock={}", file);
            return new FolderLock(null);
        } catch (final IOException ex) {
            closeQuietly(channel);
            throw JournalFolder.ioFailure("the lock cannot be taken", file, ex);
        } catch (final JournalFailedException ex) {
            closeQuietly(channel);
            throw ex;
        }
    }

    /** Asks the operating system, whose answer takes in a file system that is mounted to read only. */
    private static boolean isWritable(final Path file) {
        return Files.isWritable(
                Files.exists(file) ? file : file.toAbsolutePath().getParent());
    }

    private static JournalFailedException held(final Path file, final FileChannel channel) throws IOException {
        return new JournalFailedException(
                Kind.LOCKED,
                "another node runs on this folder: lock=" + file + ", pid=" + holder(channel)
                        + "; stop it, or choose another data folder",
                null);
    }

    private static FileLock tryLock(final FileChannel channel, final boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
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
