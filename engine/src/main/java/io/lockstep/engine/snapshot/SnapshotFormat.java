package io.lockstep.engine.snapshot;

/** What all parts of snapshots agree on. */
public final class SnapshotFormat {
    /** Version of the entries; another one is not read. */
    public static final int VERSION = 1;

    /** Bytes of the length before each entry. */
    public static final int LENGTH_BYTES = Integer.BYTES;

    /** A block is handed on when it holds so many bytes. */
    public static final int BLOCK_BYTES = 256 << 10;

    private SnapshotFormat() {}
}
