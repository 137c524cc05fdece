package io.lockstep.client.store;

import io.lockstep.client.store.StoreException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The operating system's lock on a folder: it ends with the process, however that ends. */
final class FolderLock implements AutoCloseable {
    private static final String NAME = "lock";

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(final Path folder, final FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    Path folder() {
        return folder;
    }

    /** Makes the folder if it is not there, and takes its lock. */
    static FolderLock take(final Path folder) {
        try {
            DiskFiles.createFolders(folder);
            final FolderLock lock = new FolderLock(
                    folder,
                    FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            if (!lock.isTaken()) {
                lock.close();
                throw new StoreException(Reason.LOCKED, "the folder is open elsewhere: folder=" + folder);
            }
            return lock;
        } catch (final IOException e) {
            throw new StoreException(Reason.FAILED, "cannot open: folder=" + folder, e);
        }
    }

    private boolean isTaken() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException e) {
            // Another part of this process has it.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
