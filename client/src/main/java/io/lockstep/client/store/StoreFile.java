package io.lockstep.client.store;

import java.io.Closeable;
import java.io.IOException;

/** A file that is appended to. Not thread-safe, but for sync, which another thread may call while one appends. */
interface StoreFile extends Closeable {
    /** Appends; after a failure some of it may be there. */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /** Returns when everything appended before the call is on stable storage. */
    void sync() throws IOException;

    /** Cuts the end off. */
    void truncate(long length) throws IOException;
}
