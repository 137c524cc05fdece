package io.lockstep.client.store;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files of the operating system. They are no channels: the interruption of a thread that writes must not close them. */
final class DiskFiles implements StoreFiles {
    private static final boolean FOLDERS_CAN_BE_SYNCED = File.separatorChar == '/';

    @Override
    public StoreFile create(final Path path) throws IOException {
        final DiskFile file = new DiskFile(path);
        file.truncate(0);
        return file;
    }

    @Override
    public StoreFile open(final Path path) throws IOException {
        final DiskFile file = new DiskFile(path);
        file.file.seek(file.file.length());
        return file;
    }

    @Override
    public void rename(final Path from, final Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(to.toAbsolutePath().getParent());
    }

    /** Makes a folder and what is missing above it, for good once it returns. */
    static void createFolders(final Path folder) throws IOException {
        final Path absolute = folder.toAbsolutePath();
        Path made = absolute;
        while (made.getParent() != null && Files.notExists(made)) {
            made = made.getParent();
        }
        Files.createDirectories(absolute);
        for (Path each = absolute; !each.equals(made); each = each.getParent()) {
            syncFolder(each.getParent());
        }
    }

    private static void syncFolder(final Path path) throws IOException {
        if (FOLDERS_CAN_BE_SYNCED) {
            try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    @Override
    public void delete(final Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    /** One file. */
    private static final class DiskFile implements StoreFile {
        private final RandomAccessFile file;

        DiskFile(final Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
        }

        @Override
        public void append(final byte[] bytes, final int offset, final int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void truncate(final long length) throws IOException {
            file.setLength(length);
            file.seek(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
