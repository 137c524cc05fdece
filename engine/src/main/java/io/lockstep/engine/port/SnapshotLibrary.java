package io.lockstep.engine.port;

/** The snapshots that are kept, to be read from in pieces while the node goes on. One thread. */
public interface SnapshotLibrary extends AutoCloseable {
    /** No snapshots at all. */
    SnapshotLibrary NONE = new SnapshotLibrary() {
        @Override
        public OpenSnapshot newest() {
            return null;
        }

        @Override
        public OpenSnapshot at(final long position) {
            return null;
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    };

    /**
     * The newest snapshot that is whole.
     *
     * @return open until {@link #release()} or until others were asked for; null if there is none
     * @throws io.lockstep.engine.snapshot.SnapshotException if it cannot be read
     */
    OpenSnapshot newest();

    /**
     * The snapshot whose walk began at a position.
     *
     * @param position of the journal
     * @return open until {@link #release()} or until others were asked for; null if it is gone
     * @throws io.lockstep.engine.snapshot.SnapshotException if it cannot be read
     */
    OpenSnapshot at(long position);

    /** Nothing is asked for just now: gives files and memory back. */
    void release();

    @Override
    void close();
}
