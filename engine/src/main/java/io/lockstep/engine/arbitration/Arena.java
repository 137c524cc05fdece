package io.lockstep.engine.arbitration;

/** Off-heap memory of all databases of a node. */
final class Arena {
    /** Bytes that the arena asks of the system at a time. */
    static final int CHUNK_BYTES = 16 << 20;

    /** Largest block. */
    static final int BLOCK_BYTES_MAX = CHUNK_BYTES / 2;

    private Arena() {}
}
