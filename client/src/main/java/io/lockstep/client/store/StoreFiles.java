package io.lockstep.client.store;

import java.io.IOException;
import java.nio.file.Path;

/** The file system, as far as a store needs it: tests put one in its place that is full, or fails. */
interface StoreFiles {
    /** The real one. */
    StoreFiles DISK = new DiskFiles();

    /** A new, empty file; one that is there is emptied. */
    StoreFile create(Path path) throws IOException;

    /** A file that is there, to go on at its end. */
    StoreFile open(Path path) throws IOException;

    /** Gives a file its name, for good once it returns. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file if it is there. */
    void delete(Path path) throws IOException;
}
