package io.lockstep.client.store;

import java.io.IOException;
import java.nio.file.Path;

/** The disk, with room for so many bytes more, and syncs that may fail. */
final class FaultyFiles implements StoreFiles {
    volatile long roomBytes = Long.MAX_VALUE;
    volatile boolean syncFails;
    volatile boolean truncateFails;
    volatile int syncs;

    @Override
    public StoreFile create(final Path path) throws IOException {
        return new Faulty(DISK.create(path));
    }

    @Override
    public StoreFile open(final Path path) throws IOException {
        return new Faulty(DISK.open(path));
    }

    @Override
    public void rename(final Path from, final Path to) throws IOException {
        DISK.rename(from, to);
    }

    @Override
    public void delete(final Path path) throws IOException {
        DISK.delete(path);
    }

    private final class Faulty implements StoreFile {
        private final StoreFile file;

        Faulty(final StoreFile file) {
            this.file = file;
        }

        @Override
        public void append(final byte[] bytes, final int offset, final int length) throws IOException {
            final int fits = (int) Math.min(length, roomBytes);
            file.append(bytes, offset, fits);
            roomBytes -= fits;
            if (fits < length) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void sync() throws IOException {
            syncs++;
            if (syncFails) {
                throw new IOException("Input/output error");
            }
            file.sync();
        }

        @Override
        public void truncate(final long length) throws IOException {
            if (truncateFails) {
                throw new IOException("Input/output error");
            }
            file.truncate(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
